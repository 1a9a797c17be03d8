export const words = {
  title: 'My codes',
  intro: 'Your promo codes as they are at this moment.',
  none: 'You have no codes yet',
  noneText: 'An administrator creates codes and names you as their publisher.',
  search: 'Code or title',
  status: 'Status',
  anyStatus: 'All but archived',
  availability: 'Now',
  apply: 'Apply',
  back: 'My codes',
};
