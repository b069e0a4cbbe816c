using DaprMesh.Catalog;
using DaprMesh.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults(CatalogJson.Default);
builder.AddValidatedOptions<CatalogOptions>();
builder.Services.AddValidation();
builder.Services.AddStateStore<Product>(store => store.Index(ProductIndex.All, _ => "", newest: product => product.CreatedAt));
builder.Services.AddHostedService<DemoCatalogue>();

var app = builder.Build();

app.UseServiceDefaults();
app.MapSystemHealth();
app.MapProducts();

app.Run();
