import { runDeliveryWorker } from './worker/run-delivery-worker.ts';

// The program of a worker of `workerDelivery()`.
runDeliveryWorker();
