import { StatefulSet, type IStatefulSet } from 'kubernetes-models/apps/v1';
import {
  Ingress,
  NetworkPolicy,
  type IIngress,
  type INetworkPolicy,
} from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service, type IService } from 'kubernetes-models/v1';
import { SETTINGS } from '../src/platform/config/settings.js';
import { typeFaults, type Typed } from './support/kubernetes-types.js';
import { DEPLOYED, manifest, read, settingsIn } from './support/manifests.js';

const KINDS = { StatefulSet, Service, PodDisruptionBudget, NetworkPolicy, Ingress };
/** Where the types of each kind are. */
const TYPES: Readonly<Record<keyof typeof KINDS, string>> = {
  StatefulSet: 'apps/v1',
  Service: 'v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
};

interface Resource {
  readonly kind: keyof typeof KINDS;
}
interface Patch {
  readonly path: string;
  readonly value: unknown;
}

/** What is applied of a directory, without kustomize's own file. */
const applied = (directory: string): string[] =>
  (manifest(`kubernetes/${directory}/kustomization.yaml`) as { resources: string[] }).resources
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `kubernetes/${directory}/${file}`);
const RESOURCES = [...applied('base'), ...applied('example')];

const statefulSet = manifest('kubernetes/base/gateway.yaml') as IStatefulSet;
const network = manifest('kubernetes/base/network.yaml') as INetworkPolicy;
const egress = manifest('kubernetes/example/egress.yaml') as Patch[];
const pod = statefulSet.spec?.template;
const [gateway] = pod?.spec?.containers ?? [];
const ports = Object.fromEntries(
  (gateway?.ports ?? []).map(({ name = '', containerPort }) => [name, containerPort]),
);
const settings = settingsIn(read('kubernetes/example/settings.env'));

const typed = (resource: Resource): Typed => ({
  module: TYPES[resource.kind],
  kind: resource.kind,
  resource,
});

describe('the resources of Kubernetes', () => {
  it.each(RESOURCES)('are as their schema says: %s', (file) => {
    const resource = manifest(file) as Resource;
    const kind = new KINDS[resource.kind](resource as never);
    expect(() => {
      kind.validate();
    }).not.toThrow();
  });

  it('still are with the addresses that the example adds', () => {
    const added = egress.map(({ value }) => value);
    const whole = {
      ...network,
      spec: { ...network.spec, egress: [...(network.spec?.egress ?? []), ...added] },
    };
    expect(egress.map(({ path }) => path)).toEqual(['/spec/egress/-', '/spec/egress/-']);
    expect(() => {
      new NetworkPolicy(whole as INetworkPolicy).validate();
    }).not.toThrow();
    expect(typeFaults([typed(whole as Resource)])).toEqual([]);
  });

  it('have no member that Kubernetes does not know', () => {
    expect(typeFaults(RESOURCES.map((file) => typed(manifest(file) as Resource)))).toEqual([]);
  });

  it('are all part of what is applied', () => {
    const others = ['kustomization.yaml', 'egress.yaml'];
    const files = DEPLOYED.filter((file) => /^kubernetes\/.*\.yaml$/.test(file));
    expect(files.filter((file) => !others.some((other) => file.endsWith(other)))).toEqual(
      [...RESOURCES].sort(),
    );
  });
});

describe('a replica on Kubernetes', () => {
  it('is neither root, nor writes beside its data, nor has a token of the cluster', () => {
    expect(pod?.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(gateway?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('keeps its volume, where it keeps its data', () => {
    const [claim] = statefulSet.spec?.volumeClaimTemplates ?? [];
    expect(gateway?.volumeMounts).toContainEqual({
      name: claim?.metadata?.name,
      mountPath: '/var/lib/surehand',
    });
  });

  it('reads its secrets where they are mounted, as files', () => {
    const mount = gateway?.volumeMounts?.find(({ name }) => name === 'secrets');
    const files = Object.entries(settings).filter(([name]) => name.endsWith('_FILE'));
    expect(files.length).toBeGreaterThan(4);
    for (const [, file] of files) expect(file.startsWith(`${mount?.mountPath ?? ''}/`)).toBe(true);
    expect(Object.keys(settings).filter((name) => secret(name))).toEqual([]);
  });

  const secret = (name: string): boolean =>
    Object.entries(SETTINGS).some(([known, setting]) => known === name && setting.secret === true);

  it('serves until its readiness probe has given up', () => {
    const { periodSeconds = 10, failureThreshold = 3 } = gateway?.readinessProbe ?? {};
    expect(Number(settings['DRAIN_SECONDS'])).toBeGreaterThanOrEqual(periodSeconds * failureThreshold);
  });

  it('is called where it listens', () => {
    expect(ports).toEqual({ http: SETTINGS.PORT.fallback, metrics: 9464 });
    const called = [gateway?.startupProbe, gateway?.livenessProbe, gateway?.readinessProbe];
    expect(called.map((probe) => probe?.httpGet?.port)).toEqual(['http', 'http', 'http']);
    const { spec } = manifest('kubernetes/base/service.yaml') as IService;
    expect(spec?.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
    const [rule] = (manifest('kubernetes/example/ingress.yaml') as IIngress).spec?.rules ?? [];
    expect(rule?.http?.paths[0]?.backend.service?.port?.name).toBe('http');
  });

  it('is the one that its service, its budget and its network policy speak of', () => {
    const labels = { 'app.kubernetes.io/name': 'surehand' };
    const budget = manifest('kubernetes/base/disruption.yaml') as { spec: { selector: unknown } };
    expect([pod?.metadata?.labels, statefulSet.spec?.selector.matchLabels]).toEqual([labels, labels]);
    expect((manifest('kubernetes/base/service.yaml') as IService).spec?.selector).toEqual(labels);
    expect([budget.spec.selector, network.spec?.podSelector]).toEqual([
      { matchLabels: labels },
      { matchLabels: labels },
    ]);
  });

  it('tells its figures on the port that is scraped, and to whoever monitors only', () => {
    const { METRICS_PORT, METRICS_HOST } = Object.fromEntries(
      (gateway?.env ?? []).map(({ name, value }) => [name, value]),
    );
    expect([METRICS_HOST, METRICS_PORT]).toEqual(['0.0.0.0', String(ports['metrics'])]);
    expect(pod?.metadata?.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': METRICS_PORT,
      'prometheus.io/path': '/metrics',
    });
    const namespace = (name: string): object => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    });
    expect(network.spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [namespace('ingress-nginx')], ports: [{ port: 'http', protocol: 'TCP' }] },
        { from: [namespace('monitoring')], ports: [{ port: 'metrics', protocol: 'TCP' }] },
      ],
    });
  });

  it('never has a request sent again by the ingress before it', () => {
    const { metadata } = manifest('kubernetes/example/ingress.yaml') as IIngress;
    expect(metadata?.annotations).toHaveProperty(['nginx.ingress.kubernetes.io/proxy-next-upstream'], 'off');
  });
});
