export type What = 'codes' | 'holders' | 'uses';
type Outcome = 'added' | 'known' | 'refused';

/** What an import did: each line that it could not read or understood otherwise than written, and sums at the end. */
export class Report {
  readonly #say: (line: string) => void;
  readonly #counts = new Map<string, number>();
  #lastRefused = '';

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  count(what: What, outcome: Outcome, by = 1): void {
    this.#counts.set(`${what} ${outcome}`, this.of(what, outcome) + by);
  }

  of(what: What, outcome: Outcome): number {
    return this.#counts.get(`${what} ${outcome}`) ?? 0;
  }

  /** One of these was left out. Several reasons of one line are one that was left out. */
  refused(what: What, file: string, line: number, says: string): void {
    const place = `${what} ${file}:${line}`;
    if (what === 'uses' || place !== this.#lastRefused) this.count(what, 'refused');
    this.#lastRefused = place;
    this.#say(`${file}:${line}: ${says}`);
  }

  /** It was brought in, but not quite as written. Line 0 is the file as a whole. */
  note(file: string, line: number, says: string): void {
    this.#say(line > 0 ? `${file}:${line}: note: ${says}` : `${file}: note: ${says}`);
  }

  summary(): string[] {
    const titles: [What, string][] = [
      ['codes', 'promo codes'],
      ['holders', 'persons who took one'],
      ['uses', 'uses'],
    ];
    return titles.map(
      ([what, title]) =>
        `${title}: ${this.of(what, 'added')} new, ${this.of(what, 'known')} there already, ${this.of(what, 'refused')} left out`,
    );
  }
}
