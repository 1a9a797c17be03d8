import type { words as english } from '../../en/member/profile.ts';

export const words: typeof english = {
  title: 'Mein Profil',
  intro:
    'Was wir von Ihnen haben. Name und Adresse berichtigen Sie selbst; den Rest berichtigt die Verwaltung für Sie.',
  correct: 'Name und Adresse',
  name: 'Name',
  email: 'E-Mail',
  emailHint: 'Eine Adresse, die Ihre Anmeldung nicht bestätigt, gilt als nicht bestätigt.',
  save: 'Speichern',
  saved: 'Ihr Profil ist gespeichert.',
  aboutYou: 'Über Sie',
  username: 'Benutzername',
  address: 'E-Mail',
  verified: 'bestätigt',
  notVerified: 'nicht bestätigt',
  registered: 'Registriert',
  personId: 'Personenkennung',
  idNote: 'Nennen Sie die Personenkennung, wenn Sie uns etwas fragen.',
};
