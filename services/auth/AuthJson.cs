using System.Text.Json;
using System.Text.Json.Serialization;
using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Rights;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Tokens;
using DaprMesh.Contracts;

namespace DaprMesh.Auth;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Register.Request), TypeInfoPropertyName = "RegisterRequest")]
[JsonSerializable(typeof(SaveAccount.Request), TypeInfoPropertyName = "SaveAccountRequest")]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(ChangeRights.RolesRequest), TypeInfoPropertyName = "RolesRequest")]
[JsonSerializable(typeof(ChangeRights.BlockRequest), TypeInfoPropertyName = "BlockRequest")]
[JsonSerializable(typeof(ChangePassword.Request), TypeInfoPropertyName = "ChangePasswordRequest")]
[JsonSerializable(typeof(Login.Request), TypeInfoPropertyName = "LoginRequest")]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(OAuthAnswer))]
[JsonSerializable(typeof(OAuthError))]
[JsonSerializable(typeof(CodeAttempt))]
[JsonSerializable(typeof(CodeOwner))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Refresh.Request), TypeInfoPropertyName = "RefreshRequest")]
[JsonSerializable(typeof(IReadOnlyList<ListSessions.SessionView>), TypeInfoPropertyName = "SessionViews")]
[JsonSerializable(typeof(Validate.Request), TypeInfoPropertyName = "ValidateRequest")]
[JsonSerializable(typeof(Validate.Answer), TypeInfoPropertyName = "ValidateAnswer")]
[JsonSerializable(typeof(CheckPermission.Request), TypeInfoPropertyName = "CheckPermissionRequest")]
[JsonSerializable(typeof(CheckPermission.Answer), TypeInfoPropertyName = "CheckPermissionAnswer")]
[JsonSerializable(typeof(IReadOnlyList<RolesApi.RoleView>), TypeInfoPropertyName = "RoleViews")]
[JsonSerializable(typeof(RolesApi.Request), TypeInfoPropertyName = "RolePermissionsRequest")]
[JsonSerializable(typeof(ListAudit.AuditPage))]
[JsonSerializable(typeof(VerifyAudit.AuditVerdict))]
[JsonSerializable(typeof(RotateKeys.Request), TypeInfoPropertyName = "RotateKeysRequest")]
[JsonSerializable(typeof(RotateKeys.KeyRotation))]
[JsonSerializable(typeof(WellKnown.Discovery))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(SecurityFeed))]
[JsonSerializable(typeof(AccountRegistered))]
[JsonSerializable(typeof(AccountRolesChanged))]
[JsonSerializable(typeof(AccountDeleted))]
[JsonSerializable(typeof(SessionStarted))]
[JsonSerializable(typeof(SessionRevoked))]
[JsonSerializable(typeof(LoginFailed))]
[JsonSerializable(typeof(RefreshTokenReused))]
[JsonSerializable(typeof(SigningKeyRotated))]
internal sealed partial class AuthJson : JsonSerializerContext;
