using DaprRollouts.Engine.Running;
using DaprRollouts.Engine.Serving;
using DaprRollouts.Protocol;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DaprRollouts.Engine;

/// <summary>Hosts the embedded engine in an ASP.NET Core app.</summary>
public static class EngineRegistration
{
    /// <summary>Registers the engine. Its data is opened when it is mapped; <see cref="EngineDataException"/> says why if that fails.</summary>
    public static IServiceCollection AddWorkflowEngine(this IServiceCollection services, Action<WorkflowEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new WorkflowEngineOptions();
        configure(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddGrpc().AddServiceOptions<TaskHub>(grpc =>
        {
            grpc.MaxReceiveMessageSize = null;
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<DoorGuard>();
        });
        services.AddHealthChecks().AddCheck<EngineHealth>(EngineHealth.Name, tags: ["ready"]);
        return services
            .AddSingleton(options)
            .AddSingleton<EngineThread>()
            .AddSingleton<TaskHub>()
            .AddSingleton<EngineInvoker>()
            .AddKeyedSingleton<CallInvoker>(EngineInThisProcess.Key, (provider, _) => provider.GetRequiredService<EngineInvoker>());
    }

    /// <summary>Serves the engine on the app's HTTP/2 endpoints, and opens its data.</summary>
    public static void MapWorkflowEngine(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        _ = app.ServiceProvider.GetRequiredService<EngineThread>();
        app.MapGrpcService<TaskHub>();
    }
}
