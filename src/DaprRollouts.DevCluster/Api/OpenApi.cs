using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.Api;

/// <summary>The OpenAPI document, version 2.</summary>
internal sealed class OpenApi(ApiCatalog catalog)
{
    public Task AnswerAsync(Exchange exchange) => exchange.Accept.Contains("protobuf")
        ? exchange.AnswerAsync(200, ReadOnlyMemory<byte>.Empty, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        : exchange.AnswerAsync(200, new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = $"v1.{catalog.Edition}" },
            ["paths"] = new JsonObject(),
        });
}
