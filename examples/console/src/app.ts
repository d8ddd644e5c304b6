console.log('shop opened with %d tills', 2);
console.warn('stock is low:', { item: 'jam', left: 3 });
console.error('there is no till %d', 3);
