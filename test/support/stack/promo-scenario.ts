import { expect } from '@jest/globals';
import { eventually } from '../eventually.js';
import type { Scenario, Student } from './scenario.js';

/** The verbs of journeys with promo codes, on a scenario. */
export class PromoScenario {
  readonly #scenario: Scenario;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** A code that takes a share of the price off, in basis points. */
  percent(percent_bp: number, terms: object = {}) {
    return this.#scenario.code({ kind: 'discount', percent_bp, ...terms });
  }

  /** Students, known to the instances in turn. */
  students(count: number): Promise<Student[]> {
    return Promise.all(Array.from({ length: count }, (_, turn) => this.#scenario.student(turn % 2)));
  }

  /** The counters of a code, as its admin sees them. */
  async countersOf(codeId: string) {
    const { body } = await this.#scenario.admin.get(`/admin/promo-codes/${codeId}`);
    return { used: body.usage_count, held: body.held_count, given: body.given_minor, status: body.status };
  }

  /** Waits until the counters of a code are as expected. */
  counted(codeId: string, expected: object): Promise<void> {
    return eventually(async () => expect(await this.countersOf(codeId)).toMatchObject(expected));
  }

  /** A class whose publication promotions has received: until then it is no offer of its own. */
  async offeredClass(terms: Parameters<Scenario['class']>[0]): Promise<string> {
    const classId = await this.#scenario.class(terms);
    await eventually(async () => (await this.#scenario.admin.get(`/admin/offers/${classId}`)).status === 200);
    return classId;
  }
}

/** `done` for each answer that is a success, and the code of the problem for each other one. */
export function codesOf(answers: readonly { status: number; body: { code?: string } }[]): (string | undefined)[] {
  return answers.map(({ status, body }) => (status < 300 ? 'done' : body.code));
}
