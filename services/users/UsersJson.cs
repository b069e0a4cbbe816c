using System.Text.Json;
using System.Text.Json.Serialization;
using DaprMesh.Contracts;
using DaprMesh.State;

namespace DaprMesh.Users;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Page<User>))]
[JsonSerializable(typeof(ProfileInput))]
[JsonSerializable(typeof(Register.Request), TypeInfoPropertyName = "RegisterRequest")]
[JsonSerializable(typeof(CreateUser.Request), TypeInfoPropertyName = "CreateUserRequest")]
[JsonSerializable(typeof(AccessCode))]
[JsonSerializable(typeof(Page<CodeView>))]
[JsonSerializable(typeof(CodeAttempts))]
[JsonSerializable(typeof(IssueCode.Request), TypeInfoPropertyName = "IssueCodeRequest")]
[JsonSerializable(typeof(IssueCode.Issued))]
[JsonSerializable(typeof(ValidateCode.Request), TypeInfoPropertyName = "ValidateCodeRequest")]
[JsonSerializable(typeof(ValidateCode.Answer))]
[JsonSerializable(typeof(AccountInput))]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(AuthProblem))]
[JsonSerializable(typeof(AccountRegistered))]
[JsonSerializable(typeof(AccountRolesChanged))]
[JsonSerializable(typeof(UserCreated))]
[JsonSerializable(typeof(UserUpdated))]
[JsonSerializable(typeof(UserDeleted))]
internal sealed partial class UsersJson : JsonSerializerContext;
