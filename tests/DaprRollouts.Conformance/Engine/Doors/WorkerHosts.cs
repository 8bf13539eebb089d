using Dapr.Workflow;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Conformance.Engine.Doors;

/// <summary>Makes hosts for workers.</summary>
internal static class WorkerHosts
{
    public static IHost Build(Uri endpoint, Action<WorkflowRuntimeOptions> register, string? apiToken = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = endpoint.ToString(), ["DAPR_API_TOKEN"] = apiToken,
        });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDaprWorkflow(register);
        return builder.Build();
    }
}
