import type { Clock, Timer } from '../platform/ports.ts';
import type { CallQuality } from './media-types.ts';
import type { MediaConnection } from './media-connection.ts';
import { MediaStats } from './media-stats.ts';

const LOOK_MS = 2000;
/** So many looks at which nothing has come, eight to ten seconds: the other side's connection is lost, not a picture. */
const STILL_LOOKS = 4;
/** Above these, words are missed or people talk at the same time. */
const POOR_LOSS = 0.05;
const POOR_ROUND_TRIP_MS = 400;

/** Watches how good a call is. */
export class QualityWatch {
  private readonly clock: Clock;
  private readonly connection: Pick<MediaConnection, 'isUp' | 'connections'>;
  private readonly hasSound: () => boolean;
  private readonly onQuality: (quality: CallQuality) => void;
  private readonly stats = new MediaStats();
  private quality: CallQuality = 'good';
  private stillLooks = 0;
  private timer: Timer | undefined;
  private isClosed = false;

  /** @param hasSound - whether the other side sends sound, which comes all the time; a picture may be off */
  constructor(
    clock: Clock,
    connection: QualityWatch['connection'],
    hasSound: () => boolean,
    onQuality: QualityWatch['onQuality'],
  ) {
    this.clock = clock;
    this.connection = connection;
    this.hasSound = hasSound;
    this.onQuality = onQuality;
  }

  start(): void {
    this.timer = this.clock.setTimeout(() => {
      // A connection that was closed meanwhile has no figures.
      void this.look()
        .catch(() => undefined)
        .then(() => {
          if (!this.isClosed) this.start();
        });
    }, LOOK_MS);
  }

  close(): void {
    this.isClosed = true;
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const { connections, isUp } = this.connection;
    // While the own connection is broken, nothing can come.
    if (!connections || !isUp) return;
    const { stats, hasCome } = await this.stats.read(connections);
    this.stillLooks = hasCome || !this.hasSound() ? 0 : this.stillLooks + 1;
    const { lossIn = 0, lossOut = 0, roundTripMs = 0 } = stats;
    const isPoor = lossIn > POOR_LOSS || lossOut > POOR_LOSS || roundTripMs > POOR_ROUND_TRIP_MS;
    const quality = this.stillLooks >= STILL_LOOKS ? 'lost' : isPoor ? 'poor' : 'good';
    if (quality === this.quality || this.isClosed) return;
    this.quality = quality;
    this.onQuality(quality);
  }
}
