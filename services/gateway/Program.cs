using DaprMesh.Gateway;
using Prometheus;

var builder = WebApplication.CreateSlimBuilder(args);

builder.Services.AddOptions<GatewayOptions>().BindConfiguration("Gateway").ValidateDataAnnotations().ValidateOnStart();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Services.AddProblemDetails();
builder.Services.AddHttpClient(Forwarder.ClientName).ConfigurePrimaryHttpMessageHandler(Forwarder.Handler);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<SidecarAddress>();
builder.Services.AddSingleton<Forwarder>();

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRouting();
app.UseHttpMetrics();
app.MapMetrics();
app.MapHealth();
app.MapRoutes();

app.Run();
