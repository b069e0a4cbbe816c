using DaprMesh.Gateway;
using DaprMesh.Gateway.Pages;
using DaprMesh.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults(GatewayJson.Default);
builder.AddGateway();

var app = builder.Build();

app.UseTrustedProxies();
app.UseMiddleware<RequestLog>();
app.UseMiddleware<AddressGate>();
app.UseServiceDefaults(routes => (routes.Health, routes.ApiDocuments, routes.Subscriptions) = (false, false, false));
app.UseMiddleware<Door>();
app.MapMeshHealth();
app.MapApiPages();
app.MapLinks();

app.Run();
