using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;

namespace DaprRollouts.DevCluster.OpenApi;

/// <summary>The OpenAPI 2 document, made anew when the kinds that are served have changed.</summary>
internal sealed class OpenApiDocument(ApiCatalog catalog)
{
    private const string Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private readonly Lock _lock = new();
    private (int Edition, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Protobuf) _written = (-1, default, default);

    public Task AnswerAsync(Exchange exchange)
    {
        var (_, json, protobuf) = Current();
        return exchange.Accept.Contains("protobuf", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, protobuf, Protobuf)
            : exchange.AnswerAsync(200, json);
    }

    private (int Edition, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Protobuf) Current()
    {
        lock (_lock)
        {
            var edition = catalog.Edition;
            if (_written.Edition != edition)
            {
                var document = new JsonObject
                {
                    ["swagger"] = "2.0",
                    ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = Discovery.Version.Text("gitVersion") },
                    ["paths"] = new JsonObject(),
                    ["definitions"] = SchemaDefinitions.Of(catalog),
                };
                _written = (edition, JsonTree.Write(document), ProtobufDocument.Write(document));
            }
            return _written;
        }
    }
}
