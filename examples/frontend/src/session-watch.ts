import { minuteOf } from './dates.js';
import { currentSession, type Session, type SignedIn } from './session.js';

/** How long before its end a session is spoken of, ms. */
const NOTICE_MS = 2 * 60_000;
/** The longest that a browser's timer can wait is 24 days; a day is enough. */
const LONGEST_WAIT_MS = 86_400_000;

/** What there is to say of the session that is shown. */
export type Notice =
  | { readonly kind: 'ending'; readonly at: string; readonly canStay: boolean }
  | { readonly kind: 'ended'; readonly now: Session };

/**
 * Watches a session that began before: tells when it is about to end, and when it has ended, here or in another
 * tab. Tells nothing while all is well.
 */
export class SessionWatch {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly begun: SignedIn,
    private readonly tell: (notice: Notice | undefined) => void,
  ) {}

  start(): void {
    this.arrange(this.begun);
    const look = (): void => void this.look();
    addEventListener('signed-out', look);
    // A tab that was away has missed its timers, and what was done in other tabs.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') look();
    });
  }

  /** Asks the gateway how the session stands. */
  async look(): Promise<void> {
    clearTimeout(this.timer);
    const now = await currentSession().catch(() => undefined);
    if (now === undefined) {
      // The gateway cannot be reached. That says nothing about the session.
      this.timer = setTimeout(() => void this.look(), 10_000);
    } else if (!now.authenticated) {
      this.tell({ kind: 'ended', now });
    } else if (now.session !== this.begun.session) {
      // Somebody signed in anew, perhaps somebody else: nothing of what is shown may be theirs.
      location.reload();
    } else {
      this.arrange(now);
    }
  }

  /** Waits for the next moment at which there is something to say. */
  private arrange(session: SignedIn): void {
    clearTimeout(this.timer);
    const [idle, end] = [Date.parse(session.idleEndsAt), Date.parse(session.endsAt)];
    const first = Math.min(idle, end);
    const left = first - session.now;
    const near = left <= NOTICE_MS;
    this.tell(near ? { kind: 'ending', at: minuteOf(Date.now() + left), canStay: idle < end } : undefined);
    const wait = near ? left + 1_000 : left - NOTICE_MS;
    this.timer = setTimeout(() => void this.look(), Math.min(Math.max(wait, 1_000), LONGEST_WAIT_MS));
  }
}
