import type { Rule } from '../rule.js';
import { noControllerMetadata } from './no-controller-metadata.js';
import { noCredentials } from './no-credentials.js';
import { noExternalServices } from './no-external-services.js';
import { noForeignNamespaces } from './no-foreign-namespaces.js';
import { noForeignRegistries } from './no-foreign-registries.js';
import { noForeignVolumes } from './no-foreign-volumes.js';
import { noInlineSecrets } from './no-inline-secrets.js';
import { noLatestTag } from './no-latest-tag.js';
import { noNumberLookalikes } from './no-number-lookalikes.js';
import { noOversizedContainers } from './no-oversized-containers.js';
import { noOversizedEnvironments } from './no-oversized-environments.js';
import { noServerMetadata } from './no-server-metadata.js';
import { noSkipMarker } from './no-skip-marker.js';
import { noSystemPriority } from './no-system-priority.js';
import { noUnlistedKinds } from './no-unlisted-kinds.js';
import { noUnrepeatableJobs } from './no-unrepeatable-jobs.js';
import { requireFittingQuota } from './require-fitting-quota.js';
import { requireImageDigest } from './require-image-digest.js';
import { requireObjects } from './require-objects.js';
import { requireOwnBackends } from './require-own-backends.js';
import { requirePodSecurity } from './require-pod-security.js';
import { requireResources } from './require-resources.js';
import { requireWorkloadAccount } from './require-workload-account.js';
import { uniqueHosts } from './unique-hosts.js';
import { uniqueObjects } from './unique-objects.js';
import { validBivouacLabels } from './valid-bivouac-labels.js';
import { validComponentNames } from './valid-component-names.js';
import { validExposure } from './valid-exposure.js';
import { validHosts } from './valid-hosts.js';
import { validImageReferences } from './valid-image-references.js';
import { validLabels } from './valid-labels.js';
import { validNames } from './valid-names.js';
import { validSecretStores } from './valid-secret-stores.js';
import { validSelectors } from './valid-selectors.js';

/** Every rule, in the order of `docs/policy.md`. `valid-shape` comes before all of them: it decides what they may read. */
export const rules: readonly Rule[] = [
  requireObjects,
  noOversizedEnvironments,
  validComponentNames,
  // what and where
  noUnlistedKinds,
  noForeignNamespaces,
  uniqueObjects,
  validNames,
  validLabels,
  validBivouacLabels,
  validSelectors,
  noServerMetadata,
  noControllerMetadata,
  noSkipMarker,
  noNumberLookalikes,
  noUnrepeatableJobs,
  // pods
  requirePodSecurity,
  requireWorkloadAccount,
  requireResources,
  noOversizedContainers,
  requireFittingQuota,
  noSystemPriority,
  noForeignVolumes,
  // images
  validImageReferences,
  noLatestTag,
  requireImageDigest,
  noForeignRegistries,
  // the way in
  noExternalServices,
  validExposure,
  validHosts,
  uniqueHosts,
  requireOwnBackends,
  // secrets
  noInlineSecrets,
  noCredentials,
  validSecretStores,
];
