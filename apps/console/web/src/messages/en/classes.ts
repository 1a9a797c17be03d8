export const words = {
  title: 'Classes',
  intro: 'Everything that can be ordered at the moment.',
  class: 'Class',
  starts: 'Starts',
  seats: 'Seats',
  price: 'Price',
  atOnce: 'at once',
  seatsUnlimited: 'unlimited',
  seatsLeft: (count: number) => (count === 1 ? '1 left' : `${count} left`),
  full: 'Full',
  emptyTitle: 'No classes yet',
  emptyText: 'Classes appear here as soon as they are published.',
};
