import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Says how to get in: there is no default password, only links made for one person. */
export function SignedOut() {
  const { t } = useTranslation();
  return (
    <Alert title={t('signedOut.title')} role="status">
      {t('signedOut.text')}
    </Alert>
  );
}
