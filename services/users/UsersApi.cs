using DaprMesh.Contracts;

namespace DaprMesh.Users;

internal static class UsersApi
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup("/user-api/users").WithTags("Users");
        own.MapPost("/register", Register.Handle).AllowAnonymous().WithName("RegisterUser").WithSummary("Registers a customer.");
        own.MapGet("/me", Me.Get).RequireAuthorization().WithName("GetMe").WithSummary("The caller's own profile.");
        own.MapPut("/me", Me.Put).RequireAuthorization().WithName("UpdateMe").WithSummary("Changes the caller's own profile.");

        var users = app.MapGroup("/api/v1/users").WithTags("Users");
        users.MapGet("/", ListUsers.Handle).RequirePermission(Permissions.UsersRead).WithName("ListUsers").WithSummary("A page of users, newest first.");
        users.MapPost("/", CreateUser.Handle).RequirePermission(Permissions.UsersWrite).WithName("CreateUser").WithSummary("Creates a user with roles, with or without a password.");
        users.MapGet("/{id}", GetUser.Handle).RequireSelfOr(Permissions.UsersRead, "id").WithName("GetUser").WithSummary("One user.");
        users.MapPut("/{id}", UpdateUser.Handle).RequireSelfOr(Permissions.UsersWrite, "id").WithName("UpdateUser").WithSummary("Changes a user's profile; needs If-Match.");
        users.MapDelete("/{id}", DeleteUser.Handle).RequirePermission(Permissions.UsersDelete).WithName("DeleteUser").WithSummary("Deletes a user, the account and every session.");

        var codes = users.MapGroup("/{id}/access-codes").WithTags("Access codes").RequirePermission(Permissions.AccessCodesIssue);
        codes.MapPost("/", IssueCode.Handle).WithName("IssueAccessCode").WithSummary("Issues an access code; it is shown this once.");
        codes.MapGet("/", ListCodes.Handle).WithName("ListAccessCodes").WithSummary("The user's access codes, newest first, without their text.");
        codes.MapDelete("/{codeId}", RevokeCode.Handle).WithName("RevokeAccessCode").WithSummary("Ends an access code.");

        users.MapPost("/validate-access-code", ValidateCode.Handle).RequireCaller(AppIds.Auth, AppIds.Bot)
            .WithTags("Access codes").WithName("ValidateAccessCode").WithSummary("Uses an access code up; for the services auth and bot only.");

        app.MapTopic<AccountRegistered>(AccountEvents.OnRegistered);
        app.MapTopic<AccountRolesChanged>(AccountEvents.OnRolesChanged);
    }
}
