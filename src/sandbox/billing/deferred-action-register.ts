import { isObject } from '../json.js';
import { StateFile } from '../state-file.js';
import {
  ActionStatus,
  mostlyNull,
  type DeferredAction,
  type DeferredActionChanges,
} from './deferred-action.js';
import { zoneMidnight } from './zone-midnight.js';

type Accounts = Readonly<Record<string, readonly DeferredAction[]>>;

/** All deferred actions the billing upstream knows, by account. */
export class DeferredActionRegister {
  private readonly state: StateFile<Accounts>;

  /**
   * @param path where to keep them; without it they live in memory
   * @param zone the IANA zone of the seeded dates
   */
  constructor(path: string | undefined, zone: string) {
    this.state = new StateFile(path, isAccounts, seed(zone));
  }

  ofAccount(accountId: string): readonly DeferredAction[] | undefined {
    return Object.hasOwn(this.state.current, accountId) ? this.state.current[accountId] : undefined;
  }

  find(id: string): DeferredAction | undefined {
    return Object.values(this.state.current)
      .flat()
      .find((action) => action.actionId.id === id);
  }

  modify(id: string, changes: DeferredActionChanges): void {
    this.replace(id, (action) => [{ ...action, ...changes } as DeferredAction]);
  }

  delete(id: string): void {
    this.replace(id, () => []);
  }

  private replace(id: string, by: (action: DeferredAction) => DeferredAction[]): void {
    const accounts = Object.entries(this.state.current).map(([accountId, actions]) => [
      accountId,
      actions.flatMap((action) => (action.actionId.id === id ? by(action) : [action])),
    ]);
    this.state.replace(Object.fromEntries(accounts) as Accounts);
  }
}

function isAccounts(value: unknown): value is Accounts {
  return (
    isObject(value) &&
    Object.values(value).every(
      (actions) =>
        Array.isArray(actions) && actions.every((action) => isObject(action) && isObject(action['actionId'])),
    )
  );
}

function seed(zone: string): Accounts {
  const action = (
    id: string,
    actionName: string,
    scheduledDate: number,
    actionStatus: number,
  ): DeferredAction => ({
    ...mostlyNull(id, {
      actionName,
      scheduledDate,
      serviceId: { id: '0.0.0.1+-service-telco-gsm+123456', uri: null },
      serviceType: '/service/telco/gsm',
      serviceLogin: '919900112233',
      description: `${actionName} by the sandbox`,
      isCollectionsAction: false,
    }),
    actionStatus,
  });
  return {
    '0.0.0.1+-account+123123': [
      action(
        '0.0.0.1+-schedule+255194',
        'Inactivate service',
        zoneMidnight(2021, 2, 10, zone),
        ActionStatus.pending,
      ),
      action(
        '0.0.0.1+-schedule+123123',
        'Transfer plan',
        zoneMidnight(2021, 3, 1, zone),
        ActionStatus.pending,
      ),
      action(
        '0.0.0.1+-schedule+100200',
        'Activate service',
        zoneMidnight(2021, 1, 5, zone),
        ActionStatus.done,
      ),
      action(
        '0.0.0.1+-schedule+300400',
        'Close account',
        zoneMidnight(2021, 4, 1, zone),
        ActionStatus.pendingAndUndeletable,
      ),
    ],
  };
}
