using System.Globalization;
using DaprMesh.Auth.Events;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Start;
using DaprMesh.Auth.Storage;
using DaprMesh.Auth.Tokens;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth;

internal static class AuthServices
{
    public static void AddAuth(this IServiceCollection services, IConfiguration configuration)
    {
        services.PostConfigure<AuthOptions>(options =>
        {
            options.AccessTokenMinutes = Number(configuration, "ACCESS_TOKEN_EXPIRE_MINUTES") ?? options.AccessTokenMinutes;
            options.RefreshTokenDays = Number(configuration, "REFRESH_TOKEN_EXPIRE_DAYS") ?? options.RefreshTokenDays;
        });
        services.AddKeyedSingleton(AuthStart.Output, Console.Out);
        services.AddSingleton<IDatabaseProvider>(provider => new SqliteProvider(DatabasePath(
            provider.GetRequiredService<IOptions<AuthOptions>>().Value, configuration, provider.GetRequiredService<IHostEnvironment>())));
        services.AddSingleton<AuthDatabase>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<AuthMetrics>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<TokenAnswers>();
        services.AddSingleton<PasswordLogin>();
        services.AddSingleton<CodeLogin>();
        services.AddSingleton<RefreshSession>();
        services.AddSingleton<SecretReader>();
        services.AddSingleton<ChangeWatcher>();
        services.Replace(ServiceDescriptor.Singleton<ISecurityFeedSource, SecurityFeedSource>());
        services.AddHostedService<AuthStart>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeWatcher>());
        services.AddHostedService<OutboxPublisher>();
        services.AddHostedService<Housekeeping>();
        services.AddExceptionHandler<Outages>();
    }

    private static string DatabasePath(AuthOptions options, IConfiguration configuration, IHostEnvironment environment)
    {
        var folder = options.DataPath.Length > 0 ? options.DataPath
            : configuration["DAPRMESH_DATA"] is { Length: > 0 } mesh ? mesh
            : "data";
        return Path.Combine(environment.ContentRootPath, folder, options.Database);
    }

    private static int? Number(IConfiguration configuration, string name) =>
        int.TryParse(configuration[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
