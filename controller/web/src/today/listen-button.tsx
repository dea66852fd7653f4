import { ActionIcon, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Plays the sounds of an occurrence one after another, exactly as approved. */
export function ListenButton({
  title,
  sounds,
}: {
  readonly title: string;
  readonly sounds: readonly string[];
}) {
  const { t } = useTranslation();
  const [index, setIndex] = useState<number>();
  const audio = useRef<HTMLAudioElement>(null);
  const current = index === undefined ? undefined : sounds[index];

  useEffect(() => {
    if (current === undefined) return;
    audio.current?.play().catch(() => {
      setIndex(undefined);
      notifications.show({ color: 'red', message: t('today.cannotListen') });
    });
  }, [current, t]);

  return (
    <>
      <Tooltip label={index === undefined ? t('today.listen') : t('today.pause')}>
        <ActionIcon
          variant="light"
          size="lg"
          disabled={sounds.length === 0}
          aria-label={index === undefined ? t('today.listenTo', { title }) : t('today.pause')}
          onClick={() => setIndex(index === undefined ? 0 : undefined)}
        >
          {index === undefined ? <IconPlayerPlay size={18} /> : <IconPlayerStop size={18} />}
        </ActionIcon>
      </Tooltip>
      {current !== undefined && (
        // biome-ignore lint/a11y/useMediaCaption: the text of the bulletin stands beside it
        <audio
          ref={audio}
          key={current}
          src={`/api/v1/sounds/${current}`}
          onEnded={() => setIndex(index !== undefined && index + 1 < sounds.length ? index + 1 : undefined)}
        />
      )}
    </>
  );
}
