import { setAway } from './arrivals.ts';
import { byId } from './elements.ts';
import { logger } from './logging.ts';
import { startPage } from './page.ts';

const BURST_RECORDS = 2000;

const lokiButton = byId('loki');
let isAway = false;

function burst(): void {
  for (let index = 1; index <= BURST_RECORDS; index += 1) logger.info('item scrolled past', 'burst', { index });
}

byId('burst').addEventListener('click', burst);
byId('throw').addEventListener('click', () => {
  throw new TypeError('a bug of this page');
});
byId('reject').addEventListener('click', () => void Promise.reject(new Error('a promise nobody looks after')));
lokiButton.addEventListener('click', () => void setAway(!isAway));
byId('leave').addEventListener('click', () => {
  burst();
  location.assign('about.html');
});

startPage((arrivals) => {
  isAway = arrivals.isAway;
  lokiButton.textContent = isAway ? 'Loki comes back' : 'Loki goes away';
});
