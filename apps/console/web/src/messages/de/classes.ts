import type { words as en } from '../en/classes.ts';

export const words: typeof en = {
  title: 'Kurse',
  intro: 'Alles, was im Moment bestellt werden kann.',
  class: 'Kurs',
  starts: 'Beginn',
  seats: 'Plätze',
  price: 'Preis',
  atOnce: 'sofort',
  seatsUnlimited: 'unbegrenzt',
  seatsLeft: (count) => (count === 1 ? 'noch 1' : `noch ${count}`),
  full: 'Voll',
  emptyTitle: 'Noch keine Kurse',
  emptyText: 'Kurse erscheinen hier, sobald sie veröffentlicht sind.',
};
