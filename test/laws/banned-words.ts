import type { SourceTree } from './source-tree.ts';

/**
 * Words of a private dialect that this project once spoke, each with the word of the field that stands in its place.
 * A word counts wherever it is a word of its own, in a sentence or inside of an identifier (`toldAt`, `told_at`).
 */
export const bannedWords: Readonly<Record<string, string>> = {
  fact: 'event',
  facts: 'events',
  tell: 'publish, say',
  tells: 'publishes, says',
  telling: 'publishing, notification',
  told: 'published, reported',
  hear: 'receive',
  hears: 'receives',
  heard: 'received',
  unheard: 'without subscribers',
  convoy: 'micro-batcher',
  passenger: 'item',
  errand: 'job request',
  errands: 'job requests',
  unended: 'rollback failed',
  misshapen: 'invalid payload',
  unanswerable: 'unavailable',
  sleeper: 'interruptible timer',
  asides: 'deferred',
  rouse: 'wake',
  forgo: 'void',
  forgoes: 'voids',
  forgone: 'voided',
  seating: 'seat allocator',
  wish: 'order request, admission request',
  wishes: 'order requests, admission requests',
  prospect: 'priced draft',
  'kept aside': 'quarantined',
  judge: 'classify, evaluate',
  judged: 'classified, evaluated',
  judgement: 'classification',
  judgements: 'classifications',
  purse: 'spendable balance',
  objection: 'ineligibility reason',
  objections: 'ineligibility reasons',
  knowledge: 'context',
  deed: 'target',
  deeds: 'targets',
  chances: 'candidates',
  weigh: 'rank',
  hopeless: 'exhausted',
  choosy: 'selective',
  happening: 'activity',
  happenings: 'activity totals',
  tally: 'totals',
  breach: 'violation',
  breaches: 'violations',
  campus: 'scenario',
  bystander: 'broker probe',
  vitals: 'metrics sampler',
  workbench: 'service harness',
  workshop: 'harness',
  gist: 'digest',
  world: 'environment',
  hindrance: 'CLI error',
  whoever: 'the noun',
  whatever: 'the noun',
  whom: 'the noun',
};

/** Where one of the words is the right one, and why. The text is the line in which it stands. */
const exceptions: readonly { readonly word: string; readonly line: RegExp }[] = [];

/** The places at which a banned word stands, with the word to write instead. */
export function dialect(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) =>
      patterns
        .filter(({ pattern }) => pattern.test(line))
        .filter(({ word }) => !exceptions.some((exception) => exception.word === word && exception.line.test(line)))
        .map(({ word, instead }) => `${path}:${index + 1}: ${word} (write: ${instead})`),
    ),
  );
}

/** Names that properties of messages and of the API had, each with the name that replaced it. */
const bannedProperties: Readonly<Record<string, string>> = {
  says: 'explanation, description, message',
  mark: 'clock_change',
  taken_back_minor: 'reversed_minor',
  asked_at: 'requested_at',
  use_id: 'redemption_id',
};

/** The properties of a document's schemas that have one of these names. */
export function formerProperties(document: string): string[] {
  return Object.keys(bannedProperties).filter((name) => document.includes(`"${name}": {`));
}

const patterns = Object.entries(bannedWords).map(([word, instead]) => {
  const capital = word.charAt(0).toUpperCase() + word.slice(1);
  const lower = word.replace(' ', '[ _-]?');
  // As a word, a snake_case part, the head of a camelCase name, or a part of one.
  return {
    word,
    instead,
    pattern: new RegExp(`(?<![A-Za-z])(${lower}|${capital})(?![a-z])|(?<=[a-z])${capital}(?![a-z])`),
  };
});
