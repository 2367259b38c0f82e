/** `bivouac/charts`: what charts are written with. */
export type { Construct } from 'constructs';
export { Component, type ComponentProps } from './component.js';
export type { WorkloadProps } from './deployment.js';
export { type ChartClass, EnvironmentChart, type EnvironmentProps } from './environment-chart.js';
export { Exposure, type ExposureProps } from './exposure.js';
export type { JobProps } from './job.js';
export type { ContainerProps } from './pod.js';
export { Postgres, type PostgresProps } from './postgres.js';
export type { Reference } from './references.js';
export { sampleEnvironment, type SampleProps } from './sample.js';
export { Seed, type SeedTaskProps } from './seed.js';
export type { Amount, Resources, Size } from './size.js';
export { Task, type TaskProps } from './task.js';
export { Teardown, type TeardownProps } from './teardown.js';
export type { SecretKey, Variables } from './variables.js';
export { type MigrateProps, WebService, type WebServiceProps } from './web-service.js';
export { Worker, type WorkerProps } from './worker.js';
