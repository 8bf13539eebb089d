using DaprRollouts.Engine.Dispatching;
using DaprRollouts.Engine.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DaprRollouts.Engine;

/// <summary>Hosts the embedded engine in an ASP.NET Core app.</summary>
public static class EngineRegistration
{
    /// <summary>Registers the engine. Its data is opened when the app starts; <see cref="EngineDataException"/> says why if that fails.</summary>
    public static IServiceCollection AddWorkflowEngine(this IServiceCollection services, Action<WorkflowEngineOptions> configure)
    {
        var options = new WorkflowEngineOptions();
        configure(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = null;
            grpc.MaxSendMessageSize = null;
        });
        return services
            .AddSingleton(options)
            .AddSingleton<WorkQueue>()
            .AddSingleton<InstanceWaiters>()
            .AddSingleton<EngineLoop>()
            .AddHostedService<RetentionSweep>();
    }

    /// <summary>Serves the engine on the app's HTTP/2 endpoints, and opens its data.</summary>
    public static void MapWorkflowEngine(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<EngineLoop>();
        app.MapGrpcService<TaskHubService>();
    }
}
