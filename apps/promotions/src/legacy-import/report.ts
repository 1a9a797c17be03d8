export type What = 'codes' | 'assignments' | 'redemptions';
type Outcome = 'added' | 'known' | 'refused';

/** The report of an import: each line that was refused or changed, and the sums at the end. */
export class Report {
  readonly #write: (line: string) => void;
  readonly #counts = new Map<string, number>();
  #lastRefused = '';

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  count(what: What, outcome: Outcome, by = 1): void {
    this.#counts.set(`${what} ${outcome}`, this.of(what, outcome) + by);
  }

  of(what: What, outcome: Outcome): number {
    return this.#counts.get(`${what} ${outcome}`) ?? 0;
  }

  /** One of these was refused. Several reasons of one line count once. */
  refused(what: What, file: string, line: number, says: string): void {
    const place = `${what} ${file}:${line}`;
    if (what === 'redemptions' || place !== this.#lastRefused) this.count(what, 'refused');
    this.#lastRefused = place;
    this.#write(`${file}:${line}: ${says}`);
  }

  /** Something was imported with a change. Line 0 is the file as a whole. */
  note(file: string, line: number, says: string): void {
    this.#write(line > 0 ? `${file}:${line}: note: ${says}` : `${file}: note: ${says}`);
  }

  summary(): string[] {
    const titles: [What, string][] = [
      ['codes', 'promo codes'],
      ['assignments', 'assignments'],
      ['redemptions', 'redemptions'],
    ];
    return titles.map(
      ([what, title]) =>
        `${title}: ${this.of(what, 'added')} new, ${this.of(what, 'known')} known, ${this.of(what, 'refused')} refused`,
    );
  }
}
