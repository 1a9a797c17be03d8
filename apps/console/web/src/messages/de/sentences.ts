import type { Sentence } from '../en/sentences.ts';

/** Why a promo code gives what it gives. */
function benefitNote(note: string, money: (text: string) => string): string {
  const [, percent = '', price = '', share = ''] = /^(\S+)% of (.+) is (.+)$/.exec(note) ?? [];
  if (percent) return `${percent.replace('.', ',')} % von ${money(price)} sind ${money(share)}`;
  const [, most = ''] = /^at most (.+)$/.exec(note) ?? [];
  if (most) return `höchstens ${money(most)}`;
  const [, left = ''] = /^no more than the (.+) that are left$/.exec(note) ?? [];
  if (left) return `nicht mehr als die ${money(left)}, die übrig sind`;
  const [, payable = ''] = /^rounded so that (.+) can be paid$/.exec(note) ?? [];
  if (payable) return `gerundet, damit ${money(payable)} gezahlt werden können`;
  return money(note);
}

/** Single words that a rule of a promo code compared. */
const compared: Readonly<Record<string, string>> = {
  discount: 'Rabatt',
  bonus: 'Bonus',
  draft: 'Entwurf',
  active: 'aktiv',
  paused: 'pausiert',
  expired: 'abgelaufen',
  archived: 'archiviert',
  'used up': 'aufgebraucht',
  everyone: 'alle',
  listed: 'genannte Personen',
  new_persons: 'neue Personen',
  all: 'alle',
  any: 'jede',
  none: 'keiner',
  'not for new persons': 'nicht für neue Personen',
  'no code has this text': 'kein Code hat diesen Text',
  'the codes of the request cannot be combined': 'die Codes der Anfrage lassen sich nicht verbinden',
  'another code of the request was refused': 'ein anderer Code der Anfrage wurde abgelehnt',
};

/** `at most 3` and `without limit`. */
const limit = (text: string) => text.replace('at most', 'höchstens').replace('without limit', 'ohne Grenze');

/** What the rules and limits of a promo code compared. */
const comparisons: readonly Sentence[] = [
  [new RegExp(`^(${Object.keys(compared).join('|')})$`), ([word = '']) => compared[word] ?? word],
  [/^(\w+), but a slot is kept$/, ([status = '']) => `${compared[status] ?? status}, aber ein Platz ist vorgemerkt`],
  [
    /^(ever|\S+Z) to (ever|\S+Z)$/,
    ([from = '', until = ''], { instant }) =>
      `${from === 'ever' ? 'von jeher' : `ab ${instant(from)}`}, ${until === 'ever' ? 'ohne Ende' : `bis ${instant(until)}`}`,
  ],
  [
    /^(all day|\S+)( on days [\d, ]+)?; it is (\S+ \S+) in (\S+)$/,
    ([hours = '', days = '', time = '', zone = '']) =>
      `${hours.replace('all day', 'ganztägig')}${days.replace('on days', 'an den Tagen')}; in ${zone} ist es ${time}`,
  ],
  [/^(some|all but) of (\d+)$/, ([rule, count = '']) => `${rule === 'some' ? 'nur' : 'alle außer'} ${count}`],
  [/^([A-Z]{3}|\d+)$/, ([text = '']) => text],
  [/^(\d+) used and (\d+) held before$/, ([used = '', held = '']) => `vorher ${used} eingelöst und ${held} vorgemerkt`],
  [
    /^(\d+) used and (\d+) held, (.+)$/,
    ([used = '', held = '', most = '']) => `${used} eingelöst und ${held} vorgemerkt, ${limit(most)}`,
  ],
  [/^(\d+) of the person before$/, ([count = '']) => `vorher ${count} der Person`],
  [/^(\d+) of the offer before$/, ([count = '']) => `vorher ${count} des Angebots`],
  [/^(\d+), (at most \d+|without limit)$/, ([count = '', most = '']) => `${count}, ${limit(most)}`],
  [
    /^(\d+) minor units given and held( before|, .+)$/,
    ([sum = '', rest = '']) => `${sum} kleinste Einheiten gewährt und vorgemerkt${limit(rest.replace(' before', ''))}`,
  ],
];

export const words: readonly Sentence[] = [
  ...comparisons,
  // Decisions about promo codes.
  [/^The code was held for an order\.$/, () => 'Der Code wurde für eine Bestellung vorgemerkt.'],
  [/^The bonus code was applied\.$/, () => 'Der Bonuscode wurde angewendet.'],
  [/^The conversion earned the bonus of the code\.$/, () => 'Der Abschluss brachte den Bonus des Codes.'],
  [/^The redemption was reversed(?:: .+)?\.$/, () => 'Die Einlösung wurde rückgängig gemacht.'],
  [/^The code works\.$/, () => 'Der Code gilt.'],
  // Rules.
  [/^It is free\.$/, () => 'Es ist kostenlos.'],
  [/^It costs (.+), paid once\.$/, ([amount = ''], { money }) => `Es kostet ${money(amount)}, einmalig zu zahlen.`],
  [
    /^It starts when the class starts, on (\S+)\.$/,
    ([start = ''], { day }) => `Es beginnt mit dem Kurs, am ${day(start)}.`,
  ],
  [
    /^It starts on the day of the order in (\S+), (\S+)\.$/,
    ([zone = '', start = ''], { day }) => `Es beginnt am Tag der Bestellung in ${zone}, ${day(start)}.`,
  ],
  [
    /^It ends with the class, on (\S+), that day included\.$/,
    ([end = ''], { day }) => `Es endet mit dem Kurs, am ${day(end)}, einschließlich dieses Tages.`,
  ],
  [/^It has no end\.$/, () => 'Es hat kein Ende.'],
  // Discounts.
  [
    /^(\S+): (minus|bonus of) (\S+ [A-Z]{3}) \((.+)\)\.?$/,
    ([code = '', kind = '', amount = '', notes = ''], { money }) => {
      const because = notes.split(', ').map((note) => benefitNote(note, money));
      return `${code}: ${kind === 'minus' ? 'minus' : 'Bonus von'} ${money(amount)} (${because.join(', ')})`;
    },
  ],
  [/^Nothing remains to be paid\.$/, () => 'Es bleibt nichts zu zahlen.'],
  [/^(.+) remain to be paid\.$/, ([amount = ''], { money }) => `${money(amount)} bleiben zu zahlen.`],
  // Money of an order.
  [/^The order costs nothing\.$/, () => 'Die Bestellung kostet nichts.'],
  [/^The order cost nothing\.$/, () => 'Die Bestellung hat nichts gekostet.'],
  [
    /^(.+) stand on the class’s account\.$/,
    ([amount = ''], { money }) => `${money(amount)} stehen auf dem Konto des Kurses.`,
  ],
  [
    /^(.+) are reserved until the order closes\.$/,
    ([amount = ''], { money }) => `${money(amount)} sind reserviert, bis die Bestellung vollständig ist.`,
  ],
  [
    /^It waits for (.+); (.+) are available\.$/,
    ([amount = '', available = ''], { money }) =>
      `Sie wartet auf ${money(amount)}; verfügbar sind ${money(available)}.`,
  ],
  [/^(\d+) older order waits before it\.$/, () => 'Eine ältere Bestellung wartet vor ihr.'],
  [/^(\d+) older orders wait before it\.$/, ([count = '']) => `${count} ältere Bestellungen warten vor ihr.`],
  [
    /^The order ended(?: \((.*)\))?; nothing is reserved for it\.$/,
    () => 'Die Bestellung ist beendet; für sie ist nichts reserviert.',
  ],
  // What an order waits for.
  [
    /^It waits for a payment of (.+) for its period (\d+), due on (\S+)\.$/,
    ([amount = '', period = '', due = ''], { money, day }) =>
      `Es wartet auf eine Zahlung von ${money(amount)} für Zeitraum ${period}, fällig am ${day(due)}.`,
  ],
  [
    /^It is suspended at (\S+) without it\.$/,
    ([at = ''], { instant }) => `Ohne sie wird es am ${instant(at)} ausgesetzt.`,
  ],
  [/^It is suspended until then\.$/, () => 'Bis dahin ist es ausgesetzt.'],
  [/^It ends at (\S+) without it\.$/, ([at = ''], { instant }) => `Ohne sie endet es am ${instant(at)}.`],
  [
    /^The order of its period (\d+) opens at (\S+)\.$/,
    ([period = '', at = ''], { instant }) => `Die Bestellung von Zeitraum ${period} wird am ${instant(at)} eröffnet.`,
  ],
  [
    /^It ends at (\S+), when its last day is over\.$/,
    ([at = ''], { instant }) => `Es endet am ${instant(at)}, wenn der letzte Tag vorbei ist.`,
  ],
  [
    /^It waits for a payment of (.+)\.$/,
    ([amount = ''], { money }) => `Sie wartet auf eine Zahlung von ${money(amount)}.`,
  ],
  [/^It expires at (\S+) without it\.$/, ([at = ''], { instant }) => `Ohne sie läuft sie am ${instant(at)} ab.`],
  [
    /^There is nothing to pay, and an admin has to approve the order\.$/,
    () => 'Es ist nichts zu zahlen, und die Verwaltung muss die Bestellung freigeben.',
  ],
  [
    /^The money is there, and an admin has to approve the order\.$/,
    () => 'Das Geld ist da, und die Verwaltung muss die Bestellung freigeben.',
  ],
  [/^The order is complete\.$/, () => 'Die Bestellung ist vollständig.'],
  [
    /^Its reserved money is on its way to the account of the class\.$/,
    () => 'Das reservierte Geld ist auf dem Weg zum Konto des Kurses.',
  ],
  [/^Cancelled on request\.$/, () => 'Auf Wunsch storniert.'],
];
