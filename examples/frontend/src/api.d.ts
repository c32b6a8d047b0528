/** Written by `npm run client` from openapi.json. The contract itself is more complete. */

export interface paths {
    "/audit/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find records
         * @description In the order of the chain. A sensitive value is looked up by what it is, although the trail only
         *     holds a keyed digest of it.
         */
        get: operations["auditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the checkpoints
         * @description Signed statements of where the chain stood, in its order. Their signatures are checked with the
         *     public key that `keyId` names.
         */
        get: operations["auditCheckpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the trail
         * @description One record a line, complete and in the order of the chain, of any size. It ends when it has caught
         *     up with the trail. A reply that breaks off is not complete: go on with `after`, the last `seq` received.
         */
        get: operations["auditExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sessions
         * @description Those that have not ended, newest first.
         */
        get: operations["sessionsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description At once, on every replica. Whoever has it is signed out with the next request; the reason is recorded.
         */
        delete: operations["sessionsEnd"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in
         * @description For a navigation. Leads to the identity provider, and from there back to `returnTo` with a session.
         */
        get: operations["authLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * End of a login
         * @description Where the identity provider leads back to. The page goes on by itself: the cookie of a session is
         *     never sent on a redirect that began on another site.
         */
        get: operations["authCallback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in?
         * @description Answered to everybody. With a session's cookie it needs the header `X-Surehand: 1`.
         */
        get: operations["authSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign out of the identity provider
         * @description For a navigation: the `next` of a logout.
         */
        get: operations["authLogoutAtProvider"];
        put?: never;
        /**
         * Sign out
         * @description Ends the session at once, in every tab and on every replica. The page then navigates to `next`, where
         *     the identity provider is signed out of. Answered the same if there is no session any more.
         */
        post: operations["authLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logged-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * End of a logout
         * @description Where the identity provider leads back to.
         */
        get: operations["authLoggedOut"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/backchannel-logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The identity provider ends sessions
         * @description OpenID Connect Back-Channel Logout 1.0: the provider sends a logout token.
         */
        post: operations["authBackChannelLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clmo-handoff-services/service/v1/externalHandoff/{handoffRefNo}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get all details for a handoff reference
         * @description What `data` looks like is the lending system's own: one record or several.
         */
        get: operations["handoffDetails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clmo-handoff-services/service/v1/externalHandoff/{handoffRefNo}/handoffstatus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get all statuses for a handoff reference
         * @description What `data` looks like is the lending system's own: usually a list.
         */
        get: operations["handoffStatuses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clmo-handoff-services/service/v1/externalHandoff/{handoffRefNo}/updatestatus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Update an existing ExternalHandoff
         * @description Records how a handoff to a back-office system ended. It may move the loan's workflow on: never repeat
         *     it while its outcome is `unknown`.
         */
        put: operations["handoffUpdateStatus"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clmo-handoff-services/service/v1/externalHandoff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a new ExternalHandoff
         * @description The lending system has no operation that removes a handoff again: never repeat it while its outcome is
         *     `unknown`.
         */
        post: operations["handoffCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bcws/webresources/v1.0/deferredactions/account/{accountId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the deferred actions of an account
         * @description All of them: the billing system knows no paging. Dates are milliseconds since the epoch.
         */
        get: operations["deferredActionsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bcws/webresources/v1.0/deferredactions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Modify a deferred action
         * @description Sets the fields that are sent and leaves the others as they are. A date without a time is midnight
         *     in the billing system's own time zone, and comes back as milliseconds since the epoch.
         */
        put: operations["deferredActionsModify"];
        /**
         * Perform a deferred action
         * @description Carries the action out now instead of at its time. It cannot be undone: never repeat it while its
         *     outcome is `unknown`. The request has no body.
         */
        post: operations["deferredActionsPerform"];
        /**
         * Delete a deferred action
         * @description The action will not be carried out. It cannot be brought back. The request has no body.
         */
        delete: operations["deferredActionsDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Answered as long as the process serves at all. Restart it when it does not; nothing else helps.
         */
        get: operations["healthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is this replica to be given requests?
         * @description For balancers, every second or so. `checks` tells more, but only `status` decides.
         */
        get: operations["healthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/writes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find writes
         * @description Newest first. Without the scope `writes:read` these are the caller's own writes.
         */
        get: operations["writesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/writes/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell the story of a write
         * @description The write as it stands now, and everything that was recorded of it, in order. Without the scope
         *     `writes:read` there are only the caller's own writes.
         */
        get: operations["writesStory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/writes/{operationId}/resolution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve an undecided write
         * @description Records what a person found out about a write that is `unknown`, or whose gateway died, and closes
         *     it. Nobody resolves a write of their own.
         */
        post: operations["writesResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who made a request. */
        AuditedPrincipal: {
            /** @description The subject of the access token. */
            subject: string;
            /** @description The application that acted for the subject. */
            client: string | null;
            /** @description How the subject was authenticated. */
            method: string;
            /**
             * Format: uuid
             * @description The session that the request was made with, if it was.
             */
            session?: string;
        };
        /** @description A record of the audit trail, in its place in the chain. Beside these members each kind has its own. */
        AuditRecord: {
            /**
             * Format: int64
             * @description 1, 2, 3 … without a gap.
             */
            seq: number;
            /**
             * @description What the record is about.
             * @enum {string}
             */
            kind: "intent" | "attempt" | "outcome" | "reconciliation" | "resolution" | "refusal" | "access" | "session" | "overflow" | "checkpoint";
            /**
             * Format: uuid
             * @description Made by the writer, UUIDv7.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was written down, UTC.
             */
            at: string;
            /** @description The gateway process that wrote it. */
            replica: string;
            /** @description The request that caused it, if one did. */
            requestId: string | null;
            /** @description The trace that the request was part of, if it was part of one. */
            traceId?: string;
            /** @description Who made the request, if that is known. */
            principal: components["schemas"]["AuditedPrincipal"] | null;
            /** @description The address that the request came from. */
            address: string | null;
            /** @description `hash` of the record before it; 64 zeros for the first. */
            previousHash: string;
            /** @description SHA-256 over the canonical form (RFC 8785) of all other members. */
            hash: string;
        };
        /** @description A page of the audit trail, in the order of the chain. */
        AuditRecords: {
            /** @description The records of this page. */
            items: components["schemas"]["AuditRecord"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next: string | null;
        };
        /** @description One fault of the body or of the query. */
        FieldError: {
            /** @description Where in the body, as a JSON Pointer in URI fragment form (RFC 6901); or `?` and the name of a query parameter. */
            pointer: string;
            /** @description What it must be. */
            message: string;
        };
        /** @description A message of an upstream system, shortened. */
        UpstreamMessage: {
            /** @description The system's own code. */
            code: string | null;
            /** @description Such as `E` error, `O` override needed, `I` information. */
            severity: string | null;
            /** @description The system's own words. */
            text: string | null;
        };
        /** @description What an upstream system answered. */
        UpstreamReport: {
            /** @description Which system. */
            system: string;
            /** @description The HTTP status it answered with. */
            status: number;
            /** @description The id under which the upstream logged the call. */
            requestId: string | null;
            /** @description What it said. */
            messages: components["schemas"]["UpstreamMessage"][];
        };
        /** @description A problem document (RFC 9457), as JSON or XML. */
        ProblemDocument: {
            /**
             * Format: uri
             * @description Identifies the kind of problem. Resolves to its explanation.
             */
            type: string;
            /** @description What kind of problem it is, for people. */
            title: string;
            /** @description Always the HTTP status of the reply. */
            status: number;
            /** @description What is wrong with this very request. */
            detail?: string;
            /**
             * Format: uri-reference
             * @description The path that was asked for.
             */
            instance: string;
            /**
             * @description Stable name of the problem: branch on this.
             * @enum {string}
             */
            code: "malformed-request" | "request-timeout" | "headers-too-large" | "uri-too-long" | "not-found" | "method-not-allowed" | "cross-site-request" | "csrf-header-missing" | "ambiguous-credentials" | "login-failed" | "invalid-logout-token" | "unauthenticated" | "forbidden" | "identity-provider-unavailable" | "session-unavailable" | "rate-limited" | "not-acceptable" | "unsupported-media-type" | "payload-too-large" | "malformed-body" | "invalid-request" | "invalid-id" | "id-mismatch" | "idempotency-key-required" | "write-in-progress" | "write-decided" | "resource-busy" | "idempotency-key-reused" | "audit-unavailable" | "overloaded" | "circuit-open" | "client-gone" | "upstream-unavailable" | "upstream-busy" | "upstream-rejected" | "override-required" | "upstream-forbidden" | "upstream-not-found" | "upstream-credentials-refused" | "upstream-error" | "upstream-bad-response" | "upstream-timeout" | "internal-error";
            /** @description Names the request in logs and in the audit trail. */
            requestId: string;
            /** @description Names the write in the audit trail, if the request got as far as one. */
            operationId?: string;
            /**
             * @description Whether the write happened: `rejected` and `not-applied` mean no, `unknown` means that nobody knows yet. Only on writes.
             * @enum {string}
             */
            outcome?: "pending" | "rejected" | "not-applied" | "unknown";
            /** @description Whether the same request may be repeated without a risk of doing something twice. */
            retryable: boolean;
            /** @description What is wrong with the body or the query, field by field. */
            errors?: components["schemas"]["FieldError"][];
            /** @description What the upstream system said, if it answered. */
            upstream?: components["schemas"]["UpstreamReport"];
            /**
             * Format: uri
             * @description With `unauthenticated`, where a browser signs in: a page goes there, it does not fetch it.
             */
            loginUrl?: string;
        };
        /** @description A session that somebody has now. */
        Session: {
            /**
             * Format: uuid
             * @description Its public name. Not what the cookie holds.
             */
            session: string;
            /** @description Whose it is. */
            subject: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to within a minute.
             */
            seenAt: string;
            /**
             * Format: date-time
             * @description When it ends unless it is used.
             */
            idleEndsAt: string;
            /**
             * Format: date-time
             * @description When it ends in any case.
             */
            endsAt: string;
            /** @description Where it was begun. */
            address: string | null;
            /** @description The browser it was begun with, in its own words. */
            userAgent: string | null;
        };
        /** @description A page of the sessions there are, newest first. */
        SessionList: {
            /** @description The sessions of this page. */
            items: components["schemas"]["Session"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next: string | null;
        };
        /** @description Who is signed in, what they may do, and until when. */
        SessionState: {
            /** @description Whether anybody is. If nobody is, there is only `loginUrl` beside it. */
            authenticated: boolean;
            /**
             * Format: uri
             * @description Where a browser signs in: a page goes there, it does not fetch it.
             */
            loginUrl?: string;
            /**
             * Format: uuid
             * @description The public name of the session, as records tell it.
             */
            session?: string;
            /** @description Who. */
            subject?: string;
            /** @description What their access token is for. */
            scopes?: string[];
            /** @description The audited operations that these scopes open. */
            operations?: string[];
            /**
             * Format: date-time
             * @description When they signed in.
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When the session ends unless it is used. Asking this does not count as use.
             */
            idleEndsAt?: string;
            /**
             * Format: date-time
             * @description When it ends in any case.
             */
            endsAt?: string;
        };
        /** @description The session has ended. */
        SignedOut: {
            /**
             * Format: uri-reference
             * @description Where the page has to go, as a navigation: there the identity provider is signed out of, too.
             */
            next: string;
        };
        /** @description What the lending system says about a call. Its reference and its real replies differ in which member holds the list of response codes: both shapes pass through as they came. */
        ResponseDto: {
            /** @description `SUCCESS` or `WARNING`; a `FAILURE` is answered as a problem. */
            status?: string | null;
            /** @description The list of response codes; a text by the reference. */
            codes?: ({
                [key: string]: unknown;
            }[] | string) | null;
            /** @description A text such as `OK`; the list of response codes by the reference. */
            httpStatusCode?: (string | {
                [key: string]: unknown;
            }[]) | null;
            /** @description The key of the record that was changed. */
            keyId?: string | null;
            /** @description Empty in a reply that says that the change was made: an override is answered as a problem. */
            overrideAuthLevelsReqd?: string | null;
            /** @description The id under which the lending system logged the call. */
            requestId?: string | null;
        };
        /** @description The envelope of every reply of the lending system. */
        ResponseDtoWrapper: {
            /** @description The record, an open object whose discriminator is spelled `resouce_type`; or several of them. */
            data?: ({
                [key: string]: unknown;
            } | {
                [key: string]: unknown;
            }[]) | null;
            /** @description How the call ended. */
            messages: components["schemas"]["ResponseDto"];
        };
        /** @description How a handoff to a back-office system ended. Fields that are left out or null stay as they are. */
        ExternalHandoffStatusModel: {
            /** @description Handoff status. Any text, unless the operator allows certain ones only. */
            handoffStatus?: string | null;
            /** @description Reference number in the external system. */
            handoffExtRefNo?: string | null;
            /** @description Error code of a failed handoff. */
            errorCode?: string | null;
            /** @description Error description. */
            errorDescription?: string | null;
            /** @description Remarks for the handoff. */
            remarks?: string | null;
            /** @description Handoff reference number. Must equal the one in the path. */
            handoffRefNumber: string;
        };
        /** @description A handoff to a back-office system, as it is added. */
        ExternalHandoffModel: {
            /** @description Handoff status. Any text, unless the operator allows certain ones only. */
            handoffStatus?: string | null;
            /** @description Reference number in the external system. */
            handoffExtRefNo?: string | null;
            /** @description Error code of a failed handoff. */
            errorCode?: string | null;
            /** @description Error description. */
            errorDescription?: string | null;
            /** @description Remarks for the handoff. */
            remarks?: string | null;
            /** @description Number of the application that the handoff belongs to. */
            applicationNumber: string;
            /**
             * @description Handoff reference number. It must look like one in a path: letters, digits, `_` and `-`, at most 64, unless the
             *     operator has set another pattern.
             */
            handoffRefNumber: string;
            /** @description Branch. */
            branchCode?: string | null;
            /** @description The external system. */
            handoffExtSystem?: string | null;
            /** @description What is handed off: `Collateral` or `Facility`. */
            handoffType?: string | null;
            /** @description Process code. */
            processCode?: string | null;
            /** @description Who requested it. */
            reqBy?: string | null;
            /** @description When it was requested. */
            reqTs?: string | null;
            /** @description Who responded. */
            resBy?: string | null;
            /** @description When the response came. */
            resTs?: string | null;
            /** @description Whether the response is called back. */
            resCallbackEnabled?: string | null;
            /** @description Stage of the process. The lending system spells it with a small `c`. */
            stagecode?: string | null;
            /** @description Whether a status update moves the process to its next stage. */
            stageUpdateReqd?: string | null;
        };
        /** @description A reference to another record of the billing system. */
        ResourceRef: {
            /** @description The id of the record. */
            id: string;
            /** @description The Uniform Resource Identifier of the record. */
            uri?: string | null;
        };
        /** @description A future-dated change in the billing system. In a request, fields that are left out or null stay as they are, and at least one must say something; in a reply, null means unchanged. */
        DeferredAction: {
            /** @description The action itself. In a request its `id` must equal the one in the path. */
            actionId?: components["schemas"]["ResourceRef"] | null;
            /** @description The action's name. */
            actionName?: string | null;
            /**
             * Format: int32
             * @description 0 pending, 1 done, 2 error, 3 pending and undeletable.
             */
            actionStatus?: number | null;
            /** @description The action's description. */
            description?: string | null;
            /** @description The extended attributes: any members. */
            extension?: {
                [key: string]: unknown;
            } | null;
            /** @description Whether the action is for collections. */
            isCollectionsAction?: boolean | null;
            /**
             * @description When the action is carried out: a calendar date (midnight in the billing system's own zone), an RFC 3339
             *     date-time, or milliseconds since the epoch as the system itself replies. It is forwarded as it comes.
             */
            scheduledDate?: (string | number) | null;
            /** @description The service that the action concerns. */
            serviceId?: components["schemas"]["ResourceRef"] | null;
            /** @description The login of the service. */
            serviceLogin?: string | null;
            /** @description The type of the service. */
            serviceType?: string | null;
        };
        /** @description That the process serves. */
        Liveness: {
            /**
             * @description Always the same.
             * @default live
             * @enum {string}
             */
            status: "live";
        };
        /** @description How things stand that a request may need. */
        HealthChecks: {
            /**
             * @description `degraded`: the store of the audit trail does not answer just now, so writes are refused. Reads are answered.
             * @enum {string}
             */
            auditStore: "ok" | "degraded";
            /**
             * @description `waiting`: outcomes of writes are only on this replica's disk until the store takes them.
             * @enum {string}
             */
            spool: "ok" | "waiting";
            /**
             * @description `missing`: no key of the token issuer could be loaded so far, so nobody can be identified.
             * @enum {string}
             */
            identityKeys: "ok" | "missing";
            /**
             * @description Each upstream by its name, as the calls of clients tell; none is made to find out. `idle`: none has told yet.
             *     `failing`: at least half of those of the last 10 s failed, or the last one if there were none.
             *     `circuit-open`: calls of one of its operations are refused at the moment.
             */
            upstreams: {
                [key: string]: "ok" | "failing" | "circuit-open" | "idle";
            };
        };
        /** @description Whether this replica is to be given requests. */
        Health: {
            /**
             * @description `starting`: the replica knows no key of the token issuer yet. `draining`: it stops; it still answers, but is
             *     to be given nothing new.
             * @enum {string}
             */
            status: "starting" | "ready" | "draining";
            /** @description For people and alarms. A fault that all replicas share makes none of them unready. */
            checks: components["schemas"]["HealthChecks"];
        };
        /** @description Who made a write. */
        WritePrincipal: {
            /** @description The subject of the access token. */
            subject: string;
            /** @description The application that acted for the subject. */
            client: string | null;
        };
        /** @description A write, as it stands now. */
        Write: {
            /**
             * Format: uuid
             * @description Names the write.
             */
            operationId: string;
            /** @description What was to be done. */
            operation: string;
            /** @description The id of what was to be changed, as in the path. */
            resource: string;
            /** @description Who made it. */
            principal: components["schemas"]["WritePrincipal"] | null;
            /** @description The request that made it. */
            requestId: string | null;
            /** @description The key that it was sent with. */
            idempotencyKey: string | null;
            /**
             * @description Whether it happened: `rejected` and `not-applied` mean no, `unknown` means that nobody knows yet.
             * @enum {string}
             */
            outcome: "pending" | "applied" | "rejected" | "not-applied" | "unknown";
            /**
             * @description By what that is known: the upstream's own reply, a later look at the resource, or a person's word.
             * @enum {string|null}
             */
            evidence: "observed" | "read-back" | "person" | null;
            /** @description The code of the problem that its client was told of. */
            problem: string | null;
            /** @description The HTTP status that the upstream answered with. */
            upstreamStatus: number | null;
            /**
             * Format: date-time
             * @description When its intent was recorded, UTC.
             */
            begunAt: string;
            /**
             * Format: date-time
             * @description After this moment nothing of it is sent, UTC.
             */
            dispatchBy: string;
            /**
             * Format: date-time
             * @description When what is known of its outcome was recorded, UTC.
             */
            endedAt: string | null;
            /** @description Whether a person has to look at it. */
            open: boolean;
        };
        /** @description A page of writes, newest first. */
        Writes: {
            /** @description The writes of this page. */
            items: components["schemas"]["Write"][];
            /** @description The `cursor` of the next page; null on the last one. */
            next: string | null;
        };
        /** @description A write with everything that was recorded of it. */
        WriteStory: {
            /**
             * Format: uuid
             * @description Names the write.
             */
            operationId: string;
            /** @description What was to be done. */
            operation: string;
            /** @description The id of what was to be changed, as in the path. */
            resource: string;
            /** @description Who made it. */
            principal: components["schemas"]["WritePrincipal"] | null;
            /** @description The request that made it. */
            requestId: string | null;
            /** @description The key that it was sent with. */
            idempotencyKey: string | null;
            /**
             * @description Whether it happened: `rejected` and `not-applied` mean no, `unknown` means that nobody knows yet.
             * @enum {string}
             */
            outcome: "pending" | "applied" | "rejected" | "not-applied" | "unknown";
            /**
             * @description By what that is known: the upstream's own reply, a later look at the resource, or a person's word.
             * @enum {string|null}
             */
            evidence: "observed" | "read-back" | "person" | null;
            /** @description The code of the problem that its client was told of. */
            problem: string | null;
            /** @description The HTTP status that the upstream answered with. */
            upstreamStatus: number | null;
            /**
             * Format: date-time
             * @description When its intent was recorded, UTC.
             */
            begunAt: string;
            /**
             * Format: date-time
             * @description After this moment nothing of it is sent, UTC.
             */
            dispatchBy: string;
            /**
             * Format: date-time
             * @description When what is known of its outcome was recorded, UTC.
             */
            endedAt: string | null;
            /** @description Whether a person has to look at it. */
            open: boolean;
            /** @description Its records, in order: intent, outcome, reconciliation, resolution. */
            records: components["schemas"]["AuditRecord"][];
        };
        /** @description What a person found out about a write. */
        Resolution: {
            /**
             * @description Whether the write happened.
             * @enum {string}
             */
            outcome: "applied" | "not-applied";
            /** @description How that is known. */
            reason: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    auditRecords: {
        parameters: {
            query?: {
                /** @description The most items of a page. */
                limit?: number;
                /** @description Only the records of this write. */
                operationId?: string;
                /** @description Only the records of this request. */
                requestId?: string;
                /** @description Only what this subject did. */
                principal?: string;
                /** @description Only records of this moment or later. */
                from?: string;
                /** @description Only records from before this moment. */
                until?: string;
                /** @description Only writes that were sent with this value in a sensitive field, which the trail holds as a keyed digest. */
                sensitive?: string;
                /** @description Only records of this kind. */
                kind?: "intent" | "attempt" | "outcome" | "reconciliation" | "resolution" | "refusal" | "access" | "session" | "overflow" | "checkpoint";
                /** @description Where to go on: the `next` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecords"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    auditCheckpoints: {
        parameters: {
            query?: {
                /** @description The most items of a page. */
                limit?: number;
                /** @description Where to go on: the `next` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of checkpoints. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecords"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    auditExport: {
        parameters: {
            query?: {
                /** @description Only records of this moment or later. */
                from?: string;
                /** @description Only records from before this moment. */
                until?: string;
                /** @description Only records with a higher `seq`: how an export that broke off goes on. */
                after?: number;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The records, one JSON object a line, each as in a page of records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    sessionsList: {
        parameters: {
            query?: {
                /** @description Only sessions of this subject. */
                subject?: string;
                /** @description The most items of a page. */
                limit?: number;
                /** @description Where to go on: the `next` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    sessionsEnd: {
        parameters: {
            query: {
                /** @description Why the session has to end: for the audit trail. */
                reason: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The name of a session, as a list of sessions or a record tells it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-request`: The request is not valid
             *     - `invalid-id`: The id in the path is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-found`: There is nothing at this path */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authLogin: {
        parameters: {
            query?: {
                /** @description Where the person goes afterwards: a path of the gateway's own origin. */
                returnTo?: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description To the provider. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `identity-provider-unavailable`: The access token cannot be checked now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authCallback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `login-failed`: The login did not come to an end
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who, or that nobody is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionState"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authLogoutAtProvider: {
        parameters: {
            query: {
                /** @description As the logout gave it. */
                hint: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description To the provider. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `identity-provider-unavailable`: The access token cannot be checked now */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authLogout: {
        parameters: {
            query?: {
                /** @description Where the person goes afterwards: a path of the gateway's own origin. */
                returnTo?: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedOut"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `invalid-request`: The request is not valid
             *     - `ambiguous-credentials`: The request has two credentials
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `session-unavailable`: Sessions cannot be looked up now
             *     - `audit-unavailable`: The audit trail cannot record the write now
             *     - `overloaded`: The gateway has too much to do
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authLoggedOut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description To where the logout was to lead. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed-request`: The HTTP request is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    authBackChannelLogout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    logout_token: string;
                };
            };
        };
        responses: {
            /** @description They have ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `invalid-logout-token`: The logout token is not valid
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `payload-too-large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    handoffDetails: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The handoff reference number. Letters, digits, `_` and `-`, at most 64, unless the operator has set another pattern. */
                handoffRefNo: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The handoff as the lending system shows it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseDtoWrapper"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `override-required`: The upstream system asks for an override */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-rejected`: The upstream system rejected the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    handoffStatuses: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The handoff reference number. Letters, digits, `_` and `-`, at most 64, unless the operator has set another pattern. */
                handoffRefNo: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every status that the handoff was given. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseDtoWrapper"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `override-required`: The upstream system asks for an override */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-rejected`: The upstream system rejected the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    handoffUpdateStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
                /** @description Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The handoff reference number. Letters, digits, `_` and `-`, at most 64, unless the operator has set another pattern. */
                handoffRefNo: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExternalHandoffStatusModel"];
            };
        };
        responses: {
            /** @description The handoff was updated. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseDtoWrapper"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             *     - `id-mismatch`: The ids in the path and in the body differ
             *     - `malformed-body`: The body cannot be read
             *     - `invalid-request`: The request is not valid
             *     - `idempotency-key-required`: The write needs an Idempotency-Key
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `write-in-progress`: The write is still in progress
             *     - `resource-busy`: Another write to this resource is in progress
             *     - `override-required`: The upstream system asks for an override
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `payload-too-large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `idempotency-key-reused`: The Idempotency-Key was used for another write
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    handoffCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
                /** @description Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExternalHandoffModel"];
            };
        };
        responses: {
            /** @description The handoff was added. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseDtoWrapper"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `malformed-body`: The body cannot be read
             *     - `invalid-request`: The request is not valid
             *     - `idempotency-key-required`: The write needs an Idempotency-Key
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `write-in-progress`: The write is still in progress
             *     - `resource-busy`: Another write to this resource is in progress
             *     - `override-required`: The upstream system asks for an override
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `payload-too-large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `idempotency-key-reused`: The Idempotency-Key was used for another write
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    deferredActionsList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The id of the account, as the billing system shows it. Its `+` may be sent as it is or as `%2B`. */
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deferred actions of the account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeferredAction"][];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-rejected`: The upstream system rejected the request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    deferredActionsModify: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
                /** @description Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it. */
                "Idempotency-Key"?: string;
                /** @description The account of the action: a write whose reply is lost is looked for in its account's list. Not needed if this gateway has listed the account's actions before. */
                "Account-Id"?: string;
            };
            path: {
                /** @description The id of the action, as the billing system shows it. Its `+` may be sent as it is or as `%2B`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeferredAction"];
            };
        };
        responses: {
            /** @description The deferred action was modified. Everything that did not change is null. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeferredAction"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `id-mismatch`: The ids in the path and in the body differ
             *     - `malformed-body`: The body cannot be read
             *     - `invalid-request`: The request is not valid
             *     - `invalid-id`: The id in the path is not valid
             *     - `idempotency-key-required`: The write needs an Idempotency-Key
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `write-in-progress`: The write is still in progress
             *     - `resource-busy`: Another write to this resource is in progress
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `payload-too-large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `idempotency-key-reused`: The Idempotency-Key was used for another write
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    deferredActionsPerform: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
                /** @description Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it. */
                "Idempotency-Key"?: string;
                /** @description The account of the action: a write whose reply is lost is looked for in its account's list. Not needed if this gateway has listed the account's actions before. */
                "Account-Id"?: string;
            };
            path: {
                /** @description The id of the action, as the billing system shows it. Its `+` may be sent as it is or as `%2B`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deferred action was performed. Its status is 1; everything that did not change is null. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeferredAction"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             *     - `idempotency-key-required`: The write needs an Idempotency-Key
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `write-in-progress`: The write is still in progress
             *     - `resource-busy`: Another write to this resource is in progress
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `idempotency-key-reused`: The Idempotency-Key was used for another write
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    deferredActionsDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
                /** @description Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it. */
                "Idempotency-Key"?: string;
                /** @description The account of the action: a write whose reply is lost is looked for in its account's list. Not needed if this gateway has listed the account's actions before. */
                "Account-Id"?: string;
            };
            path: {
                /** @description The id of the action, as the billing system shows it. Its `+` may be sent as it is or as `%2B`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deferred action was deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             *     - `idempotency-key-required`: The write needs an Idempotency-Key
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             *     - `upstream-forbidden`: The upstream system does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-not-found`: The upstream system does not know this resource */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `write-in-progress`: The write is still in progress
             *     - `resource-busy`: Another write to this resource is in progress
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `idempotency-key-reused`: The Idempotency-Key was used for another write
             *     - `upstream-rejected`: The upstream system rejected the request
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `upstream-error`: The upstream system failed
             *     - `upstream-bad-response`: The reply of the upstream system was lost or unreadable
             *     - `upstream-credentials-refused`: The upstream system refused the gateway
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             *     - `upstream-busy`: The upstream system has too much to do
             *     - `upstream-unavailable`: The upstream system cannot be reached
             *     - `circuit-open`: The upstream system has just failed too often
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `upstream-timeout`: The upstream system did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    healthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            /** @description - `malformed-request`: The HTTP request is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    healthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description - `malformed-request`: The HTTP request is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `cross-site-request`: The request comes from a page of another origin */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is not: it starts or stops. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    writesList: {
        parameters: {
            query?: {
                /** @description Only writes of this operation, such as `deferred-action.modify`. */
                operation?: string;
                /** @description Only writes to this resource: the id as in the path. Its `+` may be sent as it is or as `%2B`. */
                resource?: string;
                /** @description Only writes of this subject. Those of others need the scope `writes:read`. */
                principal?: string;
                /** @description Only writes that began at this moment or later. */
                from?: string;
                /** @description Only writes that began before this moment. */
                until?: string;
                /** @description Only the write of this request: for a client that never saw the reply. */
                requestId?: string;
                /** @description Only writes with this key, without the quotes of the header. */
                idempotencyKey?: string;
                /** @description The most items of a page. */
                limit?: number;
                /** @description Only writes that stand so now. */
                outcome?: "pending" | "applied" | "rejected" | "not-applied" | "unknown";
                /** @description Only writes that a person has to look at, or only the others. */
                open?: boolean;
                /** @description Where to go on: the `next` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of writes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Writes"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-request`: The request is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    writesStory: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The id of a write, as the header `Operation-Id` told it. */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The write and its records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WriteStory"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `invalid-id`: The id in the path is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-found`: There is nothing at this path */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    writesResolve: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request in logs and in the audit trail. Made up if missing or not well-formed. */
                "X-Request-Id"?: string;
            };
            path: {
                /** @description The id of a write, as the header `Operation-Id` told it. */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resolution"];
            };
        };
        responses: {
            /** @description The write as it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Write"];
                };
            };
            /**
             * @description - `malformed-request`: The HTTP request is malformed
             *     - `ambiguous-credentials`: The request has two credentials
             *     - `malformed-body`: The body cannot be read
             *     - `invalid-request`: The request is not valid
             *     - `invalid-id`: The id in the path is not valid
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unauthenticated`: A valid access token is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `cross-site-request`: The request comes from a page of another origin
             *     - `csrf-header-missing`: The request does not say that a page of ours made it
             *     - `forbidden`: The access token does not permit this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-found`: There is nothing at this path */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `not-acceptable`: No representation fits the Accept header */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `request-timeout`: The request did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `write-in-progress`: The write is still in progress
             *     - `write-decided`: How the write ended is already known
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `payload-too-large`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `uri-too-long`: The URL is too long */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `unsupported-media-type`: The body has an unsupported media type or coding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `rate-limited`: Too many requests in a minute */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `headers-too-large`: The request headers are too large */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description - `internal-error`: The gateway has a fault */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /**
             * @description - `session-unavailable`: Sessions cannot be looked up now
             *     - `identity-provider-unavailable`: The access token cannot be checked now
             *     - `overloaded`: The gateway has too much to do
             *     - `audit-unavailable`: The audit trail cannot record the write now
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
