using DaprMesh.Catalog;
using Prometheus;

var builder = WebApplication.CreateSlimBuilder(args);

builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CatalogJson.Default));
builder.Services.AddOptions<CatalogOptions>().BindConfiguration("Catalog").ValidateDataAnnotations().ValidateOnStart();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false); // 400 in every environment, not 500 in Development
builder.Services.AddProblemDetails();
builder.Services.AddValidation();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddStateStore<Product>(store => store.Index(ProductIndex.All, _ => "", newest: product => product.CreatedAt));
builder.Services.AddHostedService<DemoCatalogue>();

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseRouting();
app.UseHttpMetrics();
app.MapMetrics();
app.MapHealth();
app.MapProducts();

app.Run();
