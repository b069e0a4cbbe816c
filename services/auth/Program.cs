using DaprMesh.Auth;
using DaprMesh.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults(AuthJson.Default);
builder.AddValidatedOptions<AuthOptions>();
builder.Services.Configure<ServiceOptions>(service => service.MaxBodySize = 64 * 1024);
builder.Services.AddAuth(builder.Configuration);

var app = builder.Build();

app.UseServiceDefaults();
app.MapAuth();

app.Run();
