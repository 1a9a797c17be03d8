import { randomUUID } from 'node:crypto';
import type { ClassTerms, Scenario } from '../../support/stack/scenario.js';

/** A member that nobody has seen before. */
export function newMember(): { name: string; email: string } {
  const id = randomUUID().slice(0, 8);
  return { name: `Member ${id}`, email: `member-${id}@example.org` };
}

/** A class that is on offer, and the name by which people find it. */
export async function offeredClass(scenario: Scenario, terms: ClassTerms): Promise<{ classId: string; title: string }> {
  const classId = await scenario.class(terms);
  const { body } = await scenario.admin.get(`/classes/${classId}`);
  return { classId, title: body.title };
}
