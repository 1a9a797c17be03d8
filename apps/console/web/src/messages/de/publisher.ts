import type { words as en } from '../en/publisher.ts';

export const words: typeof en = {
  title: 'Meine Codes',
  intro: 'Ihre Aktionscodes, wie sie in diesem Moment stehen.',
  none: 'Sie haben noch keine Codes',
  noneText: 'Die Verwaltung legt Codes an und trägt Sie als deren Herausgeber ein.',
  search: 'Code oder Titel',
  status: 'Zustand',
  anyStatus: 'Alle außer archivierten',
  availability: 'Jetzt',
  apply: 'Anwenden',
  back: 'Meine Codes',
};
