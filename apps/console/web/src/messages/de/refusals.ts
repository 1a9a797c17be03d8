import type { RefusalWords } from '../en/refusals.ts';

export const words: RefusalWords = {
  INVALID_INPUT: 'Einige Angaben sind ungültig.',
  SERVICE_UNAVAILABLE: 'Der Dienst ist gerade nicht erreichbar.',
  RATE_LIMITED: 'Zu viele Anfragen in kurzer Zeit.',
  CLASS_FULL: 'In diesem Kurs ist kein Platz mehr frei.',
  CLASS_NOT_FOUND: 'Diesen Kurs gibt es nicht.',
  ORDER_NOT_FOUND: 'Diese Bestellung gibt es nicht.',
  PERSON_NOT_FOUND: 'Diese Person gibt es nicht.',
};
