import { Injectable } from '@nestjs/common';
import { findPersonOfSubject } from '#contracts/subscriptions/persons.js';
import { idFrom, isId } from '#kernel/ids.js';
import { GatewaySettings } from '../../gateway.config.js';
import { Services } from '../services/services.js';

const knownMax = 10_000;

/**
 * Which person a member is. The issuer may name a person by their id; otherwise subscriptions has the person of each
 * issuer and subject. A mapping never changes, so it is cached, at most `knownMax` of them.
 */
@Injectable()
export class MemberPersons {
  private readonly known = new Map<string, string>();

  constructor(
    private readonly services: Services,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * The person's id. A member who has not registered yet has the id that they will register under.
   * @throws ServiceUnavailable when the person is not cached and subscriptions is unavailable
   */
  async idOf(named: string): Promise<string> {
    if (this.isPersonId(named)) return named.toLowerCase();
    const known = this.known.get(named);
    if (known !== undefined) return known;
    const { issuer } = this.settings.issuer;
    const { person_id: found } = await this.services.request(findPersonOfSubject, { issuer, subject: named });
    if (found === null) return idFrom('person', issuer, named);
    if (this.known.size >= knownMax) this.known.delete(this.known.keys().next().value as string);
    this.known.set(named, found);
    return found;
  }

  /** What to register a person with, so that this name of the issuer is theirs. */
  registrationOf(named: string): { person_id: string } | { issuer: string; subject: string } {
    if (this.isPersonId(named)) return { person_id: named.toLowerCase() };
    return { issuer: this.settings.issuer.issuer, subject: named };
  }

  private isPersonId(named: string): boolean {
    return this.settings.issuer.persons === 'by-id' && isId(named);
  }
}
