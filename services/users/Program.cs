using DaprMesh.ServiceDefaults;
using DaprMesh.Users;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults(UsersJson.Default);
builder.AddValidatedOptions<UsersOptions>();
builder.Services.AddValidation();
builder.Services.AddStateStore<User>(store => store.Index("all", _ => "", user => user.CreatedAt));
builder.Services.AddStateStore<AccessCode>(store => store.Index("by-user", code => code.UserId, code => code.CreatedAt));
builder.Services.AddStateStore<CodeAttempts>();
builder.Services.AddSingleton<Accounts>();
builder.Services.AddSingleton<Profiles>();

var app = builder.Build();

app.UseServiceDefaults();
app.MapUsers();

app.Run();
