using System.Net;
using System.Net.Sockets;
using Dapr.Workflow;
using DaprRollouts.Activities;
using DaprRollouts.Engine;
using DaprRollouts.Executor.Api;
using DaprRollouts.Executor.Signals;
using DaprRollouts.Executor.Triggers;
using DaprRollouts.Kubernetes;
using DaprRollouts.Workflows;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Prometheus;

namespace DaprRollouts.Executor;

/// <summary>Puts an executor together. The command, the demo and the tests all run this one.</summary>
public static class ExecutorHost
{
    /// <summary>An executor that is ready to be started.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static WebApplication Build(ExecutorOptions options, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(ClusterConnection.Open(options.Kubeconfig));
        builder.Services.AddDaprWorkflow(registrations =>
        {
            WorkflowCatalog.Register(registrations);
            ActivityCatalog.Register(registrations);
        });
        builder.Services.AddRolloutActivities(options.Namespace, options.InstanceId);
        builder.Services.AddTriggers();
        builder.Services.AddSingleton<TimelineReader>();
        builder.Services.AddOpenApi();
        builder.Services.AddHealthChecks().AddCheck<ClusterHealth>("cluster", tags: ["ready"]);
        var enginePort = 0;
        if (options.Engine == EngineKind.Embedded)
        {
            enginePort = AddEmbeddedEngine(builder, options);
        }
        else
        {
            builder.WebHost.UseUrls(options.Urls);
        }

        var app = builder.Build();
        if (enginePort != 0)
        {
            app.MapWorkflowEngine();
        }

        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApi();
        app.MapRollouts();
        app.MapSignals();
        return app;
    }

    // The engine speaks HTTP/2 without TLS, which needs a port of its own; it is for this machine only.
    private static int AddEmbeddedEngine(WebApplicationBuilder builder, ExecutorOptions options)
    {
        var port = FreePort();
        builder.Services.AddWorkflowEngine(engine => engine.DataDirectory = options.Data);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(u => new Uri(u.Replace("*", "0.0.0.0").Replace("+", "0.0.0.0"))))
            {
                kestrel.Listen(IPAddress.TryParse(url.Host, out var address) ? address : IPAddress.Loopback, url.Port);
            }

            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Configuration["DAPR_GRPC_ENDPOINT"] = $"http://127.0.0.1:{port}";
        return port;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
