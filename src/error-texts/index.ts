/** `flooim/error-texts`: words for every error code, for those apps that want them; the core does not carry them. */
import type { FlooErrorCode } from '../errors.ts';
import { EN } from './en.ts';
import type { ErrorTexts } from './texts.ts';
import { ZH } from './zh.ts';

/** The languages there are texts in. */
export type ErrorLanguage = 'zh' | 'en';

const TEXTS: { readonly [language in ErrorLanguage]: ErrorTexts } = { zh: ZH, en: EN };

/** What happened, in one sentence for the user: `errorText(error.reason, 'zh')`. */
export function errorText(code: FlooErrorCode, language: ErrorLanguage): string {
  return TEXTS[language][code][0];
}

/** What the app or its user can do about it. */
export function errorHint(code: FlooErrorCode, language: ErrorLanguage): string {
  return TEXTS[language][code][1];
}
