using DaprRollouts.DevCluster.OpenApi;
using DaprRollouts.DevCluster.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.DevCluster.Api;

/// <summary>The door of the API: finds out what a request is about and has it done.</summary>
internal sealed class ApiServer(Registry registry, ILogger logger, CancellationToken stopping)
{
    private readonly Discovery _discovery = new(registry.Catalog);
    private readonly OpenApiDocument _openApi = new(registry.Catalog);
    private readonly ObjectRequests _objects = new(registry);
    private readonly SubresourceRequests _subresources = new(registry);

    public async Task HandleAsync(HttpContext context)
    {
        var exchange = new Exchange(context, registry.Time);
        try
        {
            await HandleAsync(exchange);
        }
        catch (ApiFailure failure)
        {
            await exchange.AnswerAsync(failure);
        }
        catch (Exception error) when (exchange.Aborted.IsCancellationRequested)
        {
            logger.LogDebug(error, "The client left during {Method} {Path}", exchange.Method, exchange.Path);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            logger.LogError(error, "{Method} {Path} failed", exchange.Method, exchange.Path);
            await exchange.AnswerAsync(new ApiFailure(500, "InternalError", $"Internal error occurred: {error.Message}"));
        }
    }

    private Task HandleAsync(Exchange exchange)
    {
        if (RequestTarget.Parse(exchange.Path) is { } target)
        {
            return target.Plural is null ? DiscoverAsync(exchange, target) : HandleAsync(exchange, target);
        }
        return exchange.Path.TrimEnd('/') switch
        {
            "" => exchange.AnswerAsync(200, _discovery.Paths),
            "/api" => exchange.AnswerAsync(200, Discovery.CoreVersions),
            "/apis" => exchange.AnswerAsync(200, _discovery.Groups),
            "/version" => exchange.AnswerAsync(200, Discovery.Version),
            "/healthz" or "/livez" or "/readyz" => exchange.AnswerTextAsync("ok"),
            "/openapi/v2" => _openApi.AnswerAsync(exchange),
            var path when path.StartsWith("/apis/", StringComparison.Ordinal) && _discovery.Group(path[6..]) is { } group =>
                exchange.AnswerAsync(200, group),
            _ => throw ApiFailure.NoSuchPath(),
        };
    }

    private Task DiscoverAsync(Exchange exchange, RequestTarget target) =>
        _discovery.Resources(target.Group, target.Version) is { } resources
            ? exchange.AnswerAsync(200, resources)
            : throw ApiFailure.NoSuchPath();

    private Task HandleAsync(Exchange exchange, RequestTarget target)
    {
        if (AccessReviews.IsAsked(target))
        {
            return AccessReviews.AnswerAsync(exchange);
        }
        var type = registry.Catalog.Find(target.Group, target.Version, target.Plural!) ?? throw ApiFailure.NoSuchPath();
        CheckScope(type, target);
        if (target.Subresource is { } subresource)
        {
            return _subresources.HandleAsync(exchange, type, target, subresource);
        }
        var isWatch = HttpMethods.IsGet(exchange.Method) && exchange.Query("watch") is "true" or "1";
        return exchange.Method switch
        {
            "GET" when isWatch => WatchAsync(exchange, type, target),
            _ when target.Name is null => _objects.HandleCollectionAsync(exchange, type, target),
            _ => _objects.HandleObjectAsync(exchange, type, target),
        };
    }

    private Task WatchAsync(Exchange exchange, ResourceType type, RequestTarget target)
    {
        var selection = Selection.Of(type, target, exchange.Query);
        return new WatchStream(exchange, registry.Store, type, selection, ListQuery.From(exchange.Query), registry.Time).RunAsync(stopping);
    }

    private static void CheckScope(ResourceType type, RequestTarget target)
    {
        var isAcrossNamespaces = type.IsNamespaced && target.Namespace is null && target.Name is null;
        if (type.IsNamespaced != target.Namespace is not null && !isAcrossNamespaces)
        {
            throw ApiFailure.NoSuchPath();
        }
    }
}
