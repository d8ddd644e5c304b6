import { TailPage } from './tail-page.ts';

new TailPage().start();
