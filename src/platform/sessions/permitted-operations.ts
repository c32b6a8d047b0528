import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { routeFacts, type OperationName } from '../http/route-facts.js';

/** Which audited operations a set of scopes opens: a page shows a button by it. */
@Injectable()
export class PermittedOperations implements OnModuleInit {
  private readonly needs = new Map<OperationName, readonly string[]>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getControllers() as { instance: Record<string, object> }[]) {
      for (const name of this.scanner.getAllMethodNames(instance)) {
        const { operation, access } = routeFacts(instance[name] ?? {});
        if (operation !== undefined && typeof access === 'object') this.needs.set(operation, access.scopes);
      }
    }
  }

  /** In the order of their names. */
  of(scopes: ReadonlySet<string>): OperationName[] {
    return [...this.needs]
      .filter(([, needed]) => needed.every((scope) => scopes.has(scope)))
      .map(([operation]) => operation)
      .sort();
  }
}
