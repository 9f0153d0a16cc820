import { isFlooError } from 'flooim';
import { errorHint, errorText } from 'flooim/error-texts';

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });
const WEEKDAY = new Intl.DateTimeFormat('en', { weekday: 'long' });
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' });
const SHORT_DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

export const timeOfDay = (ms: number): string => TIME.format(ms);

export function dayName(ms: number, nowMs: number): string {
  const age = daysBetween(ms, nowMs);
  if (age <= 0) return 'Today';
  if (age === 1) return 'Yesterday';
  if (age < 7) return WEEKDAY.format(ms);
  return (new Date(ms).getFullYear() === new Date(nowMs).getFullYear() ? DAY : DAY_AND_YEAR).format(ms);
}

/** A short time for the conversation list. */
export function shortTime(ms: number, nowMs: number): string {
  return daysBetween(ms, nowMs) <= 0 ? timeOfDay(ms) : SHORT_DAY.format(ms);
}

/** Number of nights between two times. It is rounded because a day may have 23 or 25 hours. */
function daysBetween(ms: number, nowMs: number): number {
  return Math.round((new Date(nowMs).setHours(0, 0, 0, 0) - new Date(ms).setHours(0, 0, 0, 0)) / 86_400_000);
}

const UNITS = ['KB', 'MB', 'GB'] as const;

/** A file size like `1.2 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${amount < 10 ? amount.toFixed(1) : String(Math.round(amount))} ${UNITS[power - 1]!}`;
}

/** A playing time like `0:07`. */
export function playTime(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Explains an error to the user. */
export function explain(error: unknown): string {
  if (!isFlooError(error)) return error instanceof Error ? error.message : String(error);
  return `${errorText(error.reason, 'en')} ${errorHint(error.reason, 'en')}`;
}
