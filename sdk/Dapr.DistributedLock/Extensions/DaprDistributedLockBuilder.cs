using System.Diagnostics.CodeAnalysis;
using Dapr.Common;
using Microsoft.Extensions.Configuration;

namespace Dapr.DistributedLock.Extensions;

/// <summary>Builds a lock client.</summary>
[Experimental("DAPR_DISTRIBUTEDLOCK", UrlFormat = "https://docs.dapr.io/developing-applications/building-blocks/distributed-lock/distributed-lock-api-overview/")]
public sealed class DaprDistributedLockBuilder(IConfiguration? configuration = null) : DaprGenericClientBuilder<DaprDistributedLockClient>(configuration)
{
    public override DaprDistributedLockClient Build()
    {
        var http = HttpClients?.CreateClient() ?? new HttpClient();
        if (Timeout > TimeSpan.Zero)
            http.Timeout = Timeout;
        return new HttpDistributedLockClient(http, HttpEndpoint, DaprApiToken);
    }
}
