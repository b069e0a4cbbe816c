using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Rights;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Tokens;
using DaprMesh.Contracts;

namespace DaprMesh.Auth;

internal static class AuthApi
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        MapDoor(app.MapGroup("/auth").WithTags("Auth"), "");
        var api = app.MapGroup("/api/v1/auth").WithTags("Auth");
        MapDoor(api, "V1");

        app.MapPost("/user-api/token", OAuthToken.Handle).WithTags("Auth").WithName("OAuthToken").WithSummary("OAuth 2.0: grants password and refresh_token")
            .Accepts<Login.Request>(Form).Produces<OAuthError>(StatusCodes.Status400BadRequest).Produces<OAuthError>(StatusCodes.Status429TooManyRequests);

        api.MapPost("/check-permission", CheckPermission.Handle).WithName("CheckPermission").WithSummary("Whether the caller, or a user, may do something");
        MapSessions(api);
        MapAccounts(api);
        MapAdministration(api);

        var known = app.MapGroup("/.well-known").WithTags("Well-known");
        known.MapGet("/jwks.json", WellKnown.Keys).WithName("Jwks").WithSummary("The public keys of access tokens");
        known.MapGet("/openid-configuration", WellKnown.Configuration).WithName("Discovery").WithSummary("Where everything is");

        var apps = app.MapGroup("/internal").WithTags("For other services");
        apps.MapGet("/security-feed", FollowFeed.Handle).RequireApp().WithName("SecurityFeed").WithSummary("What changed after a cursor; waits for it");
        apps.MapPut("/accounts/{id}", SaveAccount.Handle).RequireCaller(AppIds.Users).WithName("SaveAccount").WithSummary("Makes an account be as told");
        apps.MapGet("/accounts/{id}", ShowAccount.Handle).RequireCaller(AppIds.Users).WithName("FindAccount").WithSummary("One account");
        apps.MapDelete("/accounts/{id}", DeleteAccount.Handle).RequireCaller(AppIds.Users).WithName("DeleteAccount").WithSummary("Removes an account");
    }

    /// <summary>What strangers use, under both of its prefixes.</summary>
    private static void MapDoor(RouteGroupBuilder group, string version)
    {
        group.MapPost("/register", Register.Handle).WithName("Register" + version).WithSummary("Makes an account").Accepts<Register.Request>(Json, Form)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/login", Login.Handle).WithName("Login" + version).WithSummary("Logs in by password or by access code").Accepts<Login.Request>(Json, Form)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/refresh", Refresh.Handle).WithName("Refresh" + version).WithSummary("Continues a session by its refresh token")
            .Accepts<Refresh.Request>(Json, Form).ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapPost("/logout", Logout.Handle).RequireAuthorization().WithName("Logout" + version).WithSummary("Ends the session, or all sessions with all=true");
        group.MapPost("/validate", Validate.Handle).WithName("Validate" + version).WithSummary("Whether an access token counts, and whose it is")
            .Accepts<Validate.Request>(isOptional: true, Json, Form).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static void MapSessions(RouteGroupBuilder api)
    {
        api.MapGet("/sessions", ListSessions.Handle).RequireAuthorization().WithName("ListSessions").WithSummary("The sessions of the caller, or of userId");
        api.MapDelete("/sessions/{id}", RevokeSession.Handle).RequireAuthorization().WithName("RevokeSession").WithSummary("Ends a session")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/password", ChangePassword.Handle).RequireAuthorization().WithName("ChangePassword")
            .WithSummary("Sets the caller's password and ends the other sessions").ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static void MapAccounts(RouteGroupBuilder api)
    {
        api.MapGet("/accounts/{id}", ShowAccount.Handle).RequireSelfOr(Permissions.UsersRead, "id").WithName("ShowAccount").WithSummary("One account")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/accounts/{id}/roles", ChangeRights.SetRoles).RequirePermission(Permissions.AccountsRoles).WithName("SetRoles")
            .WithSummary("Gives an account its roles").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPut("/accounts/{id}/block", ChangeRights.SetBlock).RequirePermission(Permissions.AccountsRoles).WithName("SetBlock")
            .WithSummary("Blocks an account or opens it again").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static void MapAdministration(RouteGroupBuilder api)
    {
        api.MapGet("/roles", RolesApi.List).RequirePermission(Permissions.AccountsRoles).WithName("ListRoles").WithSummary("What each role may do");
        api.MapPut("/roles/{role}", RolesApi.Replace).RequirePermission(Permissions.AccountsRoles).WithName("ReplaceRole").WithSummary("Sets what a role may do")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/audit", ListAudit.Handle).RequirePermission(Permissions.AuditRead).WithName("ListAudit").WithSummary("The audit, the newest rows first");
        api.MapGet("/audit/verify", VerifyAudit.Handle).RequirePermission(Permissions.AuditRead).WithName("VerifyAudit").WithSummary("Whether the audit is whole");
        api.MapPost("/keys/rotate", RotateKeys.Handle).RequirePermission(Permissions.KeysRotate).WithName("RotateKeys").WithSummary("Makes the next signing key");
    }

    /// <summary>Any app of the mesh, through the own sidecar.</summary>
    private static RouteHandlerBuilder RequireApp(this RouteHandlerBuilder route) => route.AddEndpointFilter((context, next) =>
        context.HttpContext.CallingApp() is null ? ValueTask.FromResult<object?>(Refusals.ToAnswer(Refusals.NoApp)) : next(context));
}
