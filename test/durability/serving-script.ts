/** An application that does what the test says, and delivers what others have left. */
import { Application } from './application.ts';
import { readOptions } from './application-options.ts';
import { serve } from './serve.ts';
import { tellDiag } from './talk.ts';

const options = readOptions();
tellDiag();
serve(new Application(options), options.count ?? 1);
