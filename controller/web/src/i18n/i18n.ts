import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { vi } from './vi.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof vi };
  }
}

const KEY = 'loa.language';

/** Starts the words of the console: the language chosen before, else Vietnamese. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: localStorage.getItem(KEY) ?? 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: vi }, en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
  });
  document.documentElement.lang = i18next.language;
}

/** Changes between Vietnamese and English, and remembers it. */
export async function toggleLanguage(): Promise<void> {
  const next = i18next.language === 'vi' ? 'en' : 'vi';
  localStorage.setItem(KEY, next);
  document.documentElement.lang = next;
  await i18next.changeLanguage(next);
}
