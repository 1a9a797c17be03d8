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

export const words: readonly Sentence[] = [
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
