namespace DaprRollouts.DevCluster.Api;

internal enum ResponseShape
{
    Object,
    Table,
    PartialMetadata,
}

/// <summary>How a client wants objects shown, from its Accept header.</summary>
internal sealed record ResponseFormat(ResponseShape Shape, string Version)
{
    private static readonly ResponseFormat Plain = new(ResponseShape.Object, "");

    public static ResponseFormat Of(string accept)
    {
        if (accept.Length == 0)
        {
            return Plain;
        }
        foreach (var entry in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "application/*" or "*/*" or "text/html" or "text/plain"))
            {
                continue;
            }
            string Parameter(string name) => Array.Find(parts, p => p.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
            switch (Parameter("as="))
            {
                case "":
                    return Plain;
                case "Table" when Parameter("v=") is "v1" or "v1beta1":
                    return new ResponseFormat(ResponseShape.Table, Parameter("v="));
                case "PartialObjectMetadata" or "PartialObjectMetadataList" when Parameter("v=") is "v1" or "v1beta1":
                    return new ResponseFormat(ResponseShape.PartialMetadata, Parameter("v="));
            }
        }
        throw ApiFailure.NotAcceptable("only the following media types are accepted: application/json");
    }
}
