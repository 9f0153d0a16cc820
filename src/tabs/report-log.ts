import type { LoggedReports, PackedReport } from './messages.ts';

/** Events that are remembered: those of some seconds under heavy load, or of hours without. They take some megabytes at most. */
const MAX_EVENTS = 3000;

/** The events of the last batches, for a tab that slept and comes back. Every tab has them, because each may lead next. */
export class ReportLog {
  private batches: LoggedReports[] = [];
  private events = 0;

  add({ number, reports }: LoggedReports): void {
    const last = this.batches[this.batches.length - 1];
    if (number === last?.number) return;
    // What came before is not known, or of another database.
    if (last && number !== last.number + 1) {
      this.batches = [];
      this.events = 0;
    }
    this.batches.push({ number, reports });
    this.events += eventsIn(reports);
    while (this.events > MAX_EVENTS) this.events -= eventsIn(this.batches.shift()!.reports);
  }

  /** The batches after this one, up to the last one that is stored; undefined when they are not all remembered. */
  since(number: number, stored: number): readonly LoggedReports[] | undefined {
    if (number === stored) return [];
    const [first] = this.batches;
    const last = this.batches[this.batches.length - 1];
    if (!first || last?.number !== stored || number > stored || number < first.number - 1) return undefined;
    return this.batches.filter((batch) => batch.number > number);
  }
}

const eventsIn = (reports: readonly PackedReport[]): number =>
  reports.reduce((sum, { events }) => sum + events.length, 0);
